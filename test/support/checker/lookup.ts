import type { FaultEvent, Stamp } from '../history/events.js';
import type { HistoryIndex, Run, TaskRecord } from './history-index.js';

/** How many of the events, sorted by `t`, are earlier than `t`; a binary search. */
export function countBefore(events: readonly Stamp[], t: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.t ?? Infinity) < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How long an injection may take after its event was written, microseconds: runs that begin meanwhile are hit as well. */
const injectionUs = 1_000_000;

/** The default of `faultReachUs`; see `CheckOptions`. */
export const defaultFaultReachUs = 30_000_000;

/** The first fault that may have struck this worker from `fromUs` to `toUs`, both included, its injection counted in. */
export function faultOn(index: HistoryIndex, worker: string, fromUs: number, toUs: number): FaultEvent | undefined {
  const faults = index.faultsByWorker.get(worker) ?? [];
  const fault = faults[countBefore(faults, fromUs - injectionUs)];
  return fault !== undefined && fault.t <= toUs ? fault : undefined;
}

/** Every fault that may have struck this worker meanwhile, as {@link faultOn} has it. */
export function faultsOn(index: HistoryIndex, worker: string, fromUs: number, toUs: number): readonly FaultEvent[] {
  const faults = index.faultsByWorker.get(worker) ?? [];
  return faults.slice(countBefore(faults, fromUs - injectionUs), countBefore(faults, toUs + 1));
}

/** A worker that is cut off aborts its handlers before their tasks go to others; a busy machine may be so late with it. */
const lateUs = 1_000_000;

/**
 * Whether a handler may go on beside one that started later: its worker was stopped, or was cut off and is about to abort it, and the later
 * one holds a higher fence.
 */
export function mayGoOnBeside(index: HistoryIndex, earlier: Run, later: Run): boolean {
  const faults = faultsOn(index, earlier.start.worker, earlier.start.t, later.start.t);
  if (faults.length === 0 || later.start.fence <= earlier.start.fence) return false;
  if (faults.some(({ isNetwork }) => isNetwork !== true)) return true;
  return (earlier.end?.t ?? later.start.t) - later.start.t <= lateUs;
}

/** The events, sorted by `t`, of a span of time: its begin included, its end not. */
export function between<Event extends Stamp>(events: readonly Event[], fromUs: number, untilUs: number): Event[] {
  return events.slice(countBefore(events, fromUs), countBefore(events, untilUs));
}

/** Every fault on a worker, and on all, from `reachUs` before a run of it until a time. */
export function faultsNear(index: HistoryIndex, { start }: Run, untilUs: number, reachUs: number): FaultEvent[] {
  const onWorker = index.faultsByWorker.get(start.worker) ?? [];
  return [onWorker, index.faultsOnAll].flatMap((faults) => between(faults, start.t - reachUs, untilUs));
}

/** Whether every submit of the task was refused for sure. */
export function isRefused(record: TaskRecord): boolean {
  return record.fails.length > 0 && record.fails.length >= record.submits.length;
}

/** Whether the task is known to be accepted: a submit resolved, or one of unknown outcome has run. */
export function isAccepted(record: TaskRecord): boolean {
  if (record.oks.length > 0) return true;
  return record.submits.length > 0 && record.runs.length > 0 && !isRefused(record);
}
