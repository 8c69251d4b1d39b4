import { useMemo } from 'react';
import type { HistoryPoint } from '../api/types.js';
import { count, duration, rate } from '../format.js';
import { Chart } from './chart.js';

const depthLines = [
  { name: 'running', color: '--c1' },
  { name: 'lanes', color: '--c2', isFilled: true },
  { name: 'mailboxes', color: '--c3', isFilled: true },
  { name: 'yard', color: '--c4' },
  { name: 'intake', color: '--c5' },
] as const;
const rateLines = [
  { name: 'done', color: '--c2', isFilled: true },
  { name: 'failed', color: '--bad' },
] as const;
const waitLines = [
  { name: 'p50', color: '--c1' },
  { name: 'p99', color: '--c4' },
] as const;

const last = (values: readonly (number | null)[]) => values.at(-1) ?? 0;

/** How depth, throughput and waits went. */
export function OverviewCharts({ history }: { readonly history: readonly HistoryPoint[] }) {
  const { times, depths, rates, waits } = useMemo(() => {
    const column = (index: number) => history.map((point) => point[index] as number | null);
    return {
      times: column(0) as number[],
      depths: [column(5), column(3), column(4), column(2), column(1)],
      rates: [column(7), column(8)],
      waits: [column(9), column(10)],
    };
  }, [history]);
  const [running = [], lanes = [], mailboxes = []] = depths;
  const [done = [], failed = []] = rates;
  const [p50 = [], p99 = []] = waits;
  return (
    <div className="charts">
      <Chart
        title="Tasks, by where they are"
        lines={depthLines}
        times={times}
        values={depths}
        format={count}
        summary={`${last(running)} run, ${last(lanes)} wait in lanes, ${last(mailboxes)} in mailboxes`}
      />
      <Chart
        title="Attempts a second"
        lines={rateLines}
        times={times}
        values={rates}
        format={rate}
        summary={`${rate(last(done))} done, ${rate(last(failed))} failed`}
      />
      <Chart
        title="Wait until the first start"
        lines={waitLines}
        times={times}
        values={waits}
        format={duration}
        summary={`p50 at most ${duration(last(p50))}, p99 at most ${duration(last(p99))}`}
      />
    </div>
  );
}
