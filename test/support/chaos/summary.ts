import Table from 'cli-table3';
import { indexHistory } from '../checker/history-index.js';
import { faultOn } from '../checker/lookup.js';
import { percentile, waitsMs } from '../harness/figures.js';
import type { HistoryEvent } from '../history/events.js';
import type { ChaosResult } from './chaos.js';

const count = <Event extends HistoryEvent>(events: readonly Event[], keyOf: (event: Event) => string) => {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
  return [...counts].map(([key, n]) => `${key} ${n}`).join(', ') || 'none';
};

/** Tells what a chaos run showed: faults by kind, injected and seen, then its figures. */
export function summaryOf(result: ChaosResult): string {
  return `${faultTable(result)}\n${figureTable(result)}`;
}

function faultTable({ history }: ChaosResult): string {
  const proofs = new Map(history.flatMap((event) => (event.e === 'proof' ? [[event.n, event.seen] as const] : [])));
  const rows = new Map<string, { injected: number; shown: number; seen: string }>();
  for (const event of history) {
    if (event.e !== 'fault' || event.n === undefined) continue;
    const row = rows.get(event.name) ?? { injected: 0, shown: 0, seen: '' };
    const seen = proofs.get(event.n);
    rows.set(event.name, {
      injected: row.injected + 1,
      shown: row.shown + (seen === undefined ? 0 : 1),
      seen: seen ?? row.seen,
    });
  }
  const table = new Table({ head: ['fault', 'injected', 'shown', 'seen last'], style: { head: [], border: [] } });
  for (const [name, { injected, shown, seen }] of [...rows].sort()) table.push([name, injected, shown, seen]);
  return table.toString();
}

function figureTable({ history, check: { stats, violations } }: ChaosResult): string {
  const effects = history.filter((event) => event.e === 'effect');
  const waits = [...waitsMs(history).values()];
  const again = recoveriesMs(history);
  const ms = (values: readonly number[], share: number) => Math.round(percentile(values, share));
  const spread = (values: readonly number[]) =>
    values.length === 0
      ? 'none'
      : `${ms(values, 0.5)} / ${ms(values, 0.99)} / ${Math.round(Math.max(...values))} of ${values.length}`;
  const table = new Table({ style: { head: [], border: [] } });
  table.push(
    ['tasks submitted, accepted', `${stats.submittedTasks}, ${stats.acceptedTasks}`],
    [
      'ended',
      Object.entries(stats.terminals)
        .flatMap(([state, n]) => (n > 0 ? [`${state} ${n}`] : []))
        .join(', '),
    ],
    ['starts, more than tasks started', `${stats.starts}, ${stats.starts - waits.length}`],
    ['agents given a home, by reason', count(history.filter(isAssignment), ({ reason }) => reason)],
    ['terms', `${history.filter(({ e }) => e === 'leader').length}`],
    ['effects', count(effects, ({ verdict }) => verdict)],
    ['wait for the first start, p50 / p99 / max ms', spread(waits)],
    ['from a crash to the next start, p50 / p99 / max ms', spread(again)],
    ['violations', `${violations.length}`],
  );
  return table.toString();
}

const isAssignment = (event: HistoryEvent) => event.e === 'placed' || event.e === 'moved';

/** For each run that a crash of its worker cut off, the time until its task started again, in ms. */
function recoveriesMs(history: readonly HistoryEvent[]): number[] {
  const index = indexHistory(history);
  return [...index.tasks.values()].flatMap(({ runs }) =>
    runs.flatMap(({ start, end }, nth) => {
      const next = runs[nth + 1];
      const fault =
        end === null && next !== undefined ? faultOn(index, start.worker, start.t, next.start.t) : undefined;
      return fault === undefined || next === undefined ? [] : [Math.max(0, next.start.t - fault.t) / 1000];
    }),
  );
}
