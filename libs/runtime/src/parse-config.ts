import { ShuntError } from '@shunt/sdk';
import { parse, YAMLParseError } from 'yaml';

/**
 * Reads the text of a configuration, YAML or JSON; whether it is a good one is not asked.
 *
 * @param field how to name the text in an error: a file, or a key
 * @throws ShuntError INVALID_CONFIG with line and column of what is no YAML
 */
export function parseConfig(text: string, field: string): unknown {
  try {
    return parse(text, { prettyErrors: false });
  } catch (error) {
    const [from] = error instanceof YAMLParseError ? error.pos : [0];
    const before = text.slice(0, from).split('\n');
    const message = `is no YAML, from line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} on`;
    throw new ShuntError('INVALID_CONFIG', `${field} ${message}`, { details: [{ field, message }] });
  }
}
