import type { HistoryIndex, Run, TaskRecord } from '../history-index.js';
import { between, defaultFaultReachUs, faultsNear } from '../lookup.js';
import type { CheckOptions, Violation } from '../rule.js';

/** From a pick-up to its handler: a hand-off, on a machine that is busy. */
const pickUpUs = 5_000_000;
/** Redis counts whole ms. */
const roundingUs = 2000;

/**
 * A task with a ttl expires once that is over and not before, and has no first start after it; no other task expires. A task that was
 * postponed is not tried again before its time.
 *
 * A pick-up that a fault cut off counts as the first start, and leaves no trace: a late one is excused by any fault before its ttl was over.
 * A postponement that a fault on its worker kept from Redis is none.
 */
export function due(index: HistoryIndex, options: CheckOptions): Violation[] {
  const reachUs = options.faultReachUs ?? defaultFaultReachUs;
  return [...index.tasks.values()].flatMap((record) => [
    ...expiredWrongly(record),
    ...startedLate(index, record, reachUs),
    ...triedEarly(index, record, reachUs),
  ]);
}

function expiredWrongly(record: TaskRecord): Violation[] {
  const terminal = record.terminals[0];
  const submit = record.submits[0];
  if (terminal?.state !== 'expired' || submit === undefined) return [];
  const { ttlMs = Infinity } = submit;
  if (record.runs.length === 0 && terminal.t >= submit.t + ttlMs * 1000 - roundingUs) return [];
  const message = `task ${record.task} expired, ${ttlMs === Infinity ? 'which had no ttl' : 'and had started, or its ttl was not over'}`;
  return [{ rule: 'due', message, events: [submit, terminal] }];
}

function startedLate(index: HistoryIndex, { task, submits, oks, runs }: TaskRecord, reachUs: number): Violation[] {
  const [submit, ok, first] = [submits[0], oks[0], runs[0]];
  if (submit?.ttlMs === undefined || submit.delayed || ok === undefined || first === undefined) return [];
  const overUs = ok.t + submit.ttlMs * 1000;
  if (first.start.t <= overUs + pickUpUs) return [];
  if (between(index.faults, submit.t - reachUs, overUs).length > 0) return [];
  const message = `task ${task} started ${((first.start.t - overUs) / 1e6).toFixed(1)} s after its ttl was over`;
  return [{ rule: 'due', message, events: [submit, first.start] }];
}

function triedEarly(index: HistoryIndex, { task, runs }: TaskRecord, reachUs: number): Violation[] {
  return runs.flatMap((run: Run, place): Violation[] => {
    const next = runs[place + 1]?.start;
    if (run.end?.outcome !== 'postponed' || next === undefined) return [];
    if (next.t >= run.end.t + (run.end.laterMs ?? 0) * 1000 - roundingUs) return [];
    if (faultsNear(index, run, next.t, reachUs).length > 0) return [];
    const message = `task ${task} was postponed by ${run.end.laterMs} ms and tried again before`;
    return [{ rule: 'due', message, events: [run.end, next] }];
  });
}
