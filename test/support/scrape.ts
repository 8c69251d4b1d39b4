const label = '[a-z]+="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const sample = new RegExp(`^([a-z_:][a-z0-9_:]*(?:\\{${label}(?:,${label})*\\})?) (-?[0-9.e+-]+|[+-]Inf|NaN)$`, 'i');
const comment = /^# (?:HELP [a-z_:][a-z0-9_:]* .+|TYPE [a-z_:][a-z0-9_:]* (?:counter|gauge|histogram|summary))$/i;

/**
 * Reads Prometheus text (format 0.0.4): each sample by its name with labels, as it is written.
 *
 * @throws Error on any line that is neither sample nor comment, and on a sample told twice
 */
export function readScrape(text: string): Map<string, number> {
  const values = new Map<string, number>();
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  for (const line of text.split('\n')) {
    if (line === '' || comment.test(line)) continue;
    const [, name, value] = sample.exec(line) ?? [];
    if (name === undefined) throw new Error(`no Prometheus text: ${line}`);
    if (values.has(name)) throw new Error(`told twice: ${name}`);
    values.set(name, Number(value?.replace('Inf', 'Infinity')));
  }
  return values;
}
