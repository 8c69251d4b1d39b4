import type { HistoryEvent } from '../../history/events.js';
import type { HistoryIndex, Run, TaskRecord } from '../history-index.js';
import { defaultFaultReachUs, faultsNear } from '../lookup.js';
import type { CheckOptions, Violation } from '../rule.js';

/**
 * A task settles once, and each start after the first has a recorded cause of its own.
 *
 * A cause is an attempt of the task that failed, was postponed or refused, or a fault that struck the worker of an earlier run, or all. A fault counts from
 * `faultReachUs` before that run on. Once the task was seen to be settled only a fault is a cause.
 */
export function duplicate(index: HistoryIndex, options: CheckOptions): Violation[] {
  const violations: Violation[] = [];
  for (const record of index.tasks.values()) {
    if (record.terminals.length > 1) {
      const states = record.terminals.map((terminal) => terminal.state).join(', ');
      const message = `task ${record.task} settled ${record.terminals.length} times: ${states}`;
      violations.push({ rule: 'duplicate', message, events: record.terminals });
    }
    if (record.runs.length > 1 || record.terminals.length > 0)
      violations.push(...startsWithoutCause(index, record, options.faultReachUs ?? defaultFaultReachUs));
  }
  return violations;
}

function startsWithoutCause(index: HistoryIndex, record: TaskRecord, reachUs: number): Violation[] {
  const terminal = record.terminals[0];
  const violations: Violation[] = [];
  record.runs.forEach(({ start }, earlierStarts) => {
    const earlier = record.runs.slice(0, earlierStarts);
    const isSettled = terminal !== undefined && terminal.t < start.t;
    const causes = new Set(earlier.flatMap((run) => causesOf(index, run, start.t, reachUs)));
    if (isSettled && ![...causes].some(({ e }) => e === 'fault')) {
      const message = `task ${record.task} started after it was settled`;
      violations.push({ rule: 'duplicate', message, events: [terminal, start] });
    } else if (earlierStarts > causes.size) {
      const message = `task ${record.task} started for the ${earlierStarts + 1}. time without a cause`;
      const events = record.runs.slice(0, earlierStarts + 1).map((run) => run.start);
      violations.push({ rule: 'duplicate', message, events });
    }
  });
  return violations;
}

/** Why a task may have started again by `untilUs` after a run of it: its failure, faults on its worker, faults on all. */
function causesOf(index: HistoryIndex, run: Run, untilUs: number, reachUs: number): HistoryEvent[] {
  const { end } = run;
  const failure = end !== null && end.outcome !== 'completed' && end.t < untilUs ? [end] : [];
  return [...failure, ...faultsNear(index, run, untilUs, reachUs)];
}
