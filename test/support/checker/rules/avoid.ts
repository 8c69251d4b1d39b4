import type { StartEvent } from '../../history/events.js';
import type { HistoryIndex, Run, TaskRecord } from '../history-index.js';
import { countBefore, defaultFaultReachUs, faultsNear } from '../lookup.js';
import type { CheckOptions, Violation } from '../rule.js';

/** The journal is read so late, and a breaker or a lease told so early, at most. */
const readingUs = 1_000_000;

/**
 * A task does not start again where it was refused, nor, if it is to be tried elsewhere, where it failed, while another worker may receive:
 * one that the journal knew as joined, with its breaker closed, from before that end until after the start. A fault on the worker excuses
 * it, as Redis may not have heard of the end. A history without entries about workers is not asked for them.
 */
export function avoid(index: HistoryIndex, options: CheckOptions): Violation[] {
  const reachUs = options.faultReachUs ?? defaultFaultReachUs;
  const sights = receivers(index);
  return [...index.tasks.values()].flatMap((record) => againThere(index, record, reachUs, sights));
}

function againThere(index: HistoryIndex, record: TaskRecord, reachUs: number, sights: readonly Sight[]): Violation[] {
  const { runs, submits } = record;
  const isElsewhere = submits[0]?.isElsewhere === true;
  return runs.flatMap((run, place): Violation[] => {
    const next = runs[place + 1]?.start;
    const isAvoided = run.end?.outcome === 'refused' || (isElsewhere && isCounted(run, next));
    if (!isAvoided || run.end === null || next === undefined || next.worker !== run.start.worker) return [];
    if (faultsNear(index, run, next.t, reachUs).length > 0) return [];
    const others = receiversThroughout(sights, run.end.t - readingUs, next.t + readingUs, next.worker);
    if (others.length === 0) return [];
    const message = `task ${record.task} started again on ${next.worker}, where it was ${run.end.outcome}, with ${others.join(', ')} left`;
    return [{ rule: 'avoid', message, events: [run.end, next] }];
  });
}

/** Whether Redis heard that a run had failed: one that was aborted with its worker's life is made up for by another of the same attempt. */
const isCounted = ({ start, end }: Run, next: StartEvent | undefined) =>
  (end?.outcome === 'failed' || end?.outcome === 'postponed') && (next?.attempt ?? 0) > start.attempt;

/** Who may receive, from the time on when the journal was read so far. */
interface Sight {
  readonly t: number;
  readonly pid: number;
  readonly may: ReadonlySet<string>;
}

function receivers(index: HistoryIndex): Sight[] {
  const joined = new Set<string>();
  const open = new Set<string>();
  const sights: Sight[] = [];
  let t = 0;
  for (const event of index.journal) {
    t = Math.max(t, event.t);
    if (event.e === 'worker' && event.state === 'joined') joined.add(event.worker);
    else if (event.e === 'worker') joined.delete(event.worker);
    else if (event.e === 'breaker' && event.to !== 'closed') open.add(event.worker);
    else if (event.e === 'breaker') open.delete(event.worker);
    else continue;
    sights.push({ t, pid: event.pid, may: new Set([...joined].filter((worker) => !open.has(worker))) });
  }
  return sights;
}

/** The workers but one that may receive all the while. */
function receiversThroughout(sights: readonly Sight[], fromUs: number, toUs: number, but: string): string[] {
  const from = Math.max(0, countBefore(sights, fromUs) - 1);
  const during = sights.slice(from, countBefore(sights, toUs));
  const [first, ...others] = during;
  if (first === undefined || first.t > fromUs) return [];
  return [...first.may].filter((worker) => worker !== but && others.every(({ may }) => may.has(worker)));
}
