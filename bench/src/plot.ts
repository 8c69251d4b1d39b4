import { medianOf, type Result } from './report.js';
import type { SystemName } from './systems/system.js';

const colours: Readonly<Record<SystemName, string>> = {
  'bullmq-shared': '#9aa5b1',
  'bullmq-hashed': '#d9a441',
  shunt: '#2f7ed8',
};
const barHeight = 16;
const labelWidth = 230;
const plotWidth = 360;
const width = labelWidth + plotWidth + 110;

/** Horizontal bars of the medians, a group per measured column, each group scaled to its longest bar. */
export function svgPlot(results: readonly Result[]): string {
  const groups = results.flatMap((result) =>
    Object.entries(result.columns).map(([column, unit]) => ({ result, column, unit })),
  );
  let y = 40;
  const parts: string[] = [legend()];
  for (const { result, column, unit } of groups) {
    parts.push(text(8, y + 12, `${result.scenario}: ${column}`, 'font-weight="600"'));
    y += 20;
    const systems = Object.keys(result.rounds) as SystemName[];
    const values = systems.map((system) => medianOf(result, system, column));
    const longest = Math.max(...values, Number.MIN_VALUE);
    for (const [i, system] of systems.entries()) {
      const value = values[i] ?? 0;
      const length = Math.max(1, (value / longest) * plotWidth);
      parts.push(text(labelWidth - 8, y + 12, system, 'text-anchor="end"'));
      parts.push(
        `<rect x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight - 3}" fill="${colours[system]}"/>`,
      );
      parts.push(
        text(labelWidth + length + 6, y + 11, `${Number(value.toPrecision(3))} ${unit === '1/s' ? '/s' : unit}`),
      );
      y += barHeight;
    }
    y += 10;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" font-family="system-ui, sans-serif" font-size="12"><title>Shunt beside plain BullMQ</title><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}

function legend(): string {
  const entries = Object.entries(colours).map(
    ([system, colour], i) =>
      `<rect x="${8 + i * 130}" y="10" width="12" height="12" fill="${colour}"/>${text(26 + i * 130, 20, system)}`,
  );
  return entries.join('');
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${content}</text>`;
}
