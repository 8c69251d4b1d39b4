import { meanOf, type Result, shown } from './summary.js';

const columns = 3;
const panelWidth = 400;
const labelWidth = 150;
const barsWidth = 150;
const rowHeight = 15;
const decades = { from: -1, to: 3 };

/** A panel per scenario, in it a bar per policy: p99 wait over the ideal's on a logarithmic scale, the warm share beside it. */
export function svgPlot(results: readonly Result[]): string {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))];
  const policies = [...new Set(results.map(({ policy }) => policy))];
  const panelHeight = policies.length * rowHeight + 50;
  const panels = scenarios.map((scenario, n) => {
    const x = (n % columns) * panelWidth;
    const y = 46 + Math.floor(n / columns) * panelHeight;
    const inPanel = results.filter((result) => result.scenario === scenario);
    return `<g transform="translate(${x},${y})">${panel(scenario, inPanel)}</g>`;
  });
  const width = columns * panelWidth;
  const height = 46 + Math.ceil(scenarios.length / columns) * panelHeight;
  const title = 'p99 wait over that of an ideal queue, and warm starts over the possible ones';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11"><title>${title}</title><rect width="100%" height="100%" fill="#fff"/>${text(12, 26, `${title} (bars: logarithmic, from 1; shorter is better)`, 'font-size="15" font-weight="600"')}${panels.join('')}</svg>\n`;
}

function panel(scenario: string, results: readonly Result[]): string {
  const rows = results.map((result, n) => row(result, 22 + n * rowHeight));
  const bottom = 22 + results.length * rowHeight;
  const marks: string[] = [];
  for (let decade = decades.from; decade <= decades.to; decade++) {
    const x = positionOf(10 ** decade);
    marks.push(`<line x1="${x}" y1="18" x2="${x}" y2="${bottom}" stroke="#d5dae0"/>`);
    marks.push(text(x, bottom + 12, `${10 ** decade}`, 'text-anchor="middle" fill="#6b7785"'));
  }
  return text(labelWidth, 10, scenario, 'font-weight="600" font-size="13"') + marks.join('') + rows.join('');
}

function row(result: Result, y: number): string {
  const ratio = meanOf(result, 'waitRatio');
  const [left, right] = [positionOf(Math.min(1, ratio)), positionOf(Math.max(1, ratio))];
  const colour = result.policy === 'shunt' ? '#2f7ed8' : result.policy.startsWith('shunt') ? '#9cc3ee' : '#d9a441';
  const bar = `<rect x="${left.toFixed(1)}" y="${y}" width="${Math.max(1.5, right - left).toFixed(1)}" height="${rowHeight - 4}" fill="${colour}"/>`;
  const label = text(labelWidth - 6, y + 9, result.policy, 'text-anchor="end"');
  const figures = `${shown(ratio)}, ${Math.round(100 * meanOf(result, 'relativeWarm'))} % warm`;
  return label + bar + text(labelWidth + barsWidth + 6, y + 9, figures);
}

function positionOf(ratio: number): number {
  const decade = Math.min(decades.to, Math.max(decades.from, Math.log10(ratio)));
  return labelWidth + (barsWidth * (decade - decades.from)) / (decades.to - decades.from);
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${content}</text>`;
}
