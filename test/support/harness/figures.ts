import Table from 'cli-table3';
import { type CheckResult, check } from '../checker/check.js';
import type { HistoryEvent } from '../history/events.js';

/** Each task's wait from its submit to its first start, in ms, by task id. */
export function waitsMs(history: readonly HistoryEvent[]): Map<string, number> {
  const submits = new Map<string, number>();
  const waits = new Map<string, number>();
  for (const event of history) {
    if (event.e === 'submit' && !submits.has(event.task)) submits.set(event.task, event.t);
    const submittedUs = event.e === 'start' ? submits.get(event.task) : undefined;
    if (event.e === 'start' && submittedUs !== undefined && !waits.has(event.task))
      waits.set(event.task, (event.t - submittedUs) / 1000);
  }
  return waits;
}

/** The value that so large a share of the values is not above; NaN of none. */
export function percentile(values: Iterable<number>, share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Prints a table of named figures, one row per run. */
export function printFigures(title: string, rows: readonly Readonly<Record<string, string | number>>[]): void {
  const names = Object.keys(rows[0] ?? {});
  const table = new Table({ head: names, style: { head: [], border: [] } });
  for (const row of rows) table.push(names.map((name) => shown(row[name] ?? '')));
  console.log(`${title}\n${table.toString()}`);
}

/** The figures of a run that are worth quoting. */
export function figuresOf(run: string, history: readonly HistoryEvent[], result: CheckResult = check(history)) {
  const { stats, violations } = result;
  const ends = history.filter(({ e }) => e === 'end');
  const firstUs = history.find(({ e }) => e === 'submit')?.t ?? 0;
  const seconds = ((ends.at(-1)?.t ?? firstUs) - firstUs) / 1e6;
  const waits = [...waitsMs(history).values()];
  return {
    run,
    tasks: stats.acceptedTasks,
    agents: stats.agents,
    starts: stats.starts,
    seconds,
    'tasks/s': stats.acceptedTasks / seconds,
    'warm starts': `${((100 * stats.warmStarts) / stats.starts).toFixed(1)} %`,
    'follow-ups at home': `${stats.followUpsOnHome} of ${stats.followUps}`,
    'wait p50 ms': percentile(waits, 0.5),
    'wait p99 ms': percentile(waits, 0.99),
    violations: violations.length,
  };
}

function shown(value: string | number): string {
  if (typeof value === 'string' || Number.isInteger(value)) return String(value);
  return value.toFixed(value < 10 ? 2 : 1);
}
