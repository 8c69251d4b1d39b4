import type { Finding } from '../trials/finding.js';

const labelWidth = 230;
const plotWidth = 440;
const rowHeight = 34;
const width = labelWidth + plotWidth + 40;
const ticks = [0.5, 1, 2, 5, 10, 20, 50, 100];
const xOf = (seconds: number) => labelWidth + (plotWidth * Math.log(seconds / 0.5)) / Math.log(200);

/** Every time of the findings in seconds as a dot on a logarithmic axis, a row a finding, with its bar as a line. */
export function timesPlot(findings: readonly Finding[]): string {
  const rows = findings.filter(({ unit }) => unit === 's');
  const bottom = 20 + rows.length * rowHeight;
  const axis = ticks.flatMap((seconds) => [
    `<line x1="${at(seconds)}" x2="${at(seconds)}" y1="20" y2="${bottom}" stroke="#e4e7eb"/>`,
    `<text x="${at(seconds)}" y="${bottom + 16}" text-anchor="middle">${seconds} s</text>`,
  ]);
  const parts = [...axis, ...rows.flatMap((row, i) => rowOf(row, 20 + (i + 0.5) * rowHeight))];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 28}" font-family="system-ui, sans-serif" font-size="12"><title>From the kill of a worker to the next start of each of its tasks</title><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}

function rowOf({ what, values, bar }: Finding, y: number): string[] {
  const limit =
    bar === null
      ? []
      : [`<line x1="${at(bar)}" x2="${at(bar)}" y1="${y - 14}" y2="${y + 14}" stroke="#c0392b" stroke-width="2"/>`];
  const dots = values.map(
    (seconds) => `<circle cx="${at(seconds)}" cy="${y}" r="4" fill="#2f7ed8" fill-opacity="0.4"/>`,
  );
  return [`<text x="${labelWidth - 12}" y="${y + 4}" text-anchor="end">${what}</text>`, ...limit, ...dots];
}

function at(seconds: number): string {
  return xOf(Math.max(0.5, seconds)).toFixed(1);
}
