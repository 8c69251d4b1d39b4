import { median } from '../stats.js';
import type { Finding } from '../trials/finding.js';

const labelWidth = 250;
const plotWidth = 420;
const rowHeight = 26;
const width = labelWidth + plotWidth + 80;
const colours: readonly (readonly [RegExp, string])[] = [
  [/hash/, '#d9a441'],
  [/shared/, '#9aa5b1'],
  [/ideal/, '#7bb661'],
];
const shuntColour = '#2f7ed8';

/** The rates that were sustained as bars, a row a system, real ones and simulated ones, with every round as a line; undefined where there are none. */
export function ratesPlot(findings: readonly Finding[]): string | undefined {
  const rows = findings.filter(({ unit, what }) => unit === '1/s' && what.startsWith('sustained'));
  if (rows.length === 0) return undefined;
  const most = Math.max(...rows.flatMap(({ values }) => values));
  const parts = rows.flatMap((row, i) => rowOf(row, 14 + i * rowHeight, most));
  const height = 28 + rows.length * rowHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12"><title>Tasks per second with bounded waits</title><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}

function rowOf({ what, values }: Finding, y: number, most: number): string[] {
  const xOf = (rate: number) => (labelWidth + (plotWidth * rate) / most).toFixed(1);
  const rate = median(values);
  const length = ((plotWidth * rate) / most).toFixed(1);
  const colour = colours.find(([name]) => name.test(what))?.[1] ?? shuntColour;
  const rounds = values.map(
    (value) => `<line x1="${xOf(value)}" x2="${xOf(value)}" y1="${y}" y2="${y + 18}" stroke="#1f2933"/>`,
  );
  return [
    `<text x="${labelWidth - 12}" y="${y + 13}" text-anchor="end">${what}</text>`,
    `<rect x="${labelWidth}" y="${y}" width="${length}" height="18" fill="${colour}"/>`,
    ...rounds,
    `<text x="${labelWidth + plotWidth + 10}" y="${y + 13}">${Math.round(rate)}/s</text>`,
  ];
}
