import type uPlot from 'uplot';

/** One line of a chart. */
export interface Line {
  readonly name: string;
  /** Name of the custom property that is its colour. */
  readonly color: string;
  /** Whether the space below it is filled. */
  readonly isFilled?: boolean;
}

/** Height of every chart, in px. */
const height = 150;

/** Options of a chart in an element: colours are those of the present theme. */
export function chartOptions(
  element: HTMLElement,
  lines: readonly Line[],
  format: (value: number) => string,
): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--dim'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width: element.clientWidth,
    height,
    padding: [8, 8, 0, 0],
    cursor: { sync: { key: 'shunt' }, points: { size: 6 }, drag: { x: false, y: false } },
    legend: { show: false },
    scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, size: 24, space: 70, values: '{HH}:{mm}:{ss}' },
      { ...axis, size: 52, space: 32, values: (_plot, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...lines.map(({ name, color: variable, isFilled = false }) => ({
        label: name,
        stroke: color(variable),
        width: 1.5,
        spanGaps: true,
        points: { show: false },
        ...(isFilled ? { fill: `${color(variable)}22` } : {}),
      })),
    ],
    plugins: [readout(lines, format)],
  };
}

/** Tells the values under the pointer. */
function readout(lines: readonly Line[], format: (value: number) => string): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'readout';
  box.hidden = true;
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor: (plot) => {
        const { idx, left = -1 } = plot.cursor;
        box.hidden = idx == null || left < 0;
        if (idx == null || left < 0) return;
        const at = new Date(1000 * (plot.data[0][idx] ?? 0)).toLocaleTimeString('en-GB');
        const values = lines.map(({ name }, i) => {
          const value = plot.data[i + 1]?.[idx];
          return `${name} ${value == null ? '-' : format(value)}`;
        });
        box.textContent = [at, ...values].join('\n');
        box.classList.toggle('left', left > plot.over.clientWidth / 2);
      },
    },
  };
}
