import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { chartOptions, type Line } from './chart-options.js';

/** Lines over time, drawn anew with each point. */
export function Chart({
  title,
  lines,
  times,
  values,
  format,
  summary,
}: {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Seconds since 1970. */
  readonly times: readonly number[];
  /** Of each line, at each time. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly format: (value: number) => string;
  /** What it shows, in words: for who does not see it. */
  readonly summary: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ lines, format, times, values });
  latest.current = { lines, format, times, values };

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const draw = () => {
      plot.current?.destroy();
      const { lines, format, times, values } = latest.current;
      plot.current = new uPlot(chartOptions(element, lines, format), dataOf(times, values), element);
    };
    draw();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: 150 }));
    resized.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    addEventListener('themechange', draw);
    dark.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      removeEventListener('themechange', draw);
      dark.removeEventListener('change', draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => plot.current?.setData(dataOf(times, values)), [times, values]);

  return (
    <figure className="chart">
      <figcaption>
        {title}
        <span className="legend">
          {lines.map(({ name, color }) => (
            <span key={name}>
              <i style={{ background: `var(${color})` }} />
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={place} className="plot" role="img" aria-label={`${title}: ${summary}`} />
    </figure>
  );
}

function dataOf(times: readonly number[], values: readonly (readonly (number | null)[])[]): uPlot.AlignedData {
  return [times, ...values] as unknown as uPlot.AlignedData;
}
