import type { HistoryIndex, TaskRecord } from '../history-index.js';
import { countBefore, defaultFaultReachUs } from '../lookup.js';
import type { CheckOptions, Violation } from '../rule.js';

/**
 * A task settles once, and each start after the first has a recorded cause before it.
 *
 * A cause is a failed attempt of the task or any fault, each good for one start of each task.
 * A fault counts from `faultReachUs` before the first start on. Once the task was seen to be settled only a fault is a cause.
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
      violations.push(...startsWithoutCause(index, record, options.faultReachUs));
  }
  return violations;
}

function startsWithoutCause(
  index: HistoryIndex,
  record: TaskRecord,
  faultReachUs: number = defaultFaultReachUs,
): Violation[] {
  const failedEnds = record.runs
    .flatMap(({ end }) => (end?.outcome === 'failed' ? [end] : []))
    .sort((left, right) => left.t - right.t);
  const firstFault = countBefore(index.faults, (record.runs[0]?.start.t ?? 0) - faultReachUs);
  const terminal = record.terminals[0];
  const violations: Violation[] = [];
  record.runs.forEach(({ start }, earlierStarts) => {
    const faults = countBefore(index.faults, start.t) - firstFault;
    if (terminal !== undefined && terminal.t < start.t && faults === 0) {
      const message = `task ${record.task} started after it was settled`;
      violations.push({ rule: 'duplicate', message, events: [terminal, start] });
    } else if (earlierStarts > countBefore(failedEnds, start.t) + faults) {
      const message = `task ${record.task} started for the ${earlierStarts + 1}. time without a cause`;
      const events = record.runs.slice(0, earlierStarts + 1).map((run) => run.start);
      violations.push({ rule: 'duplicate', message, events });
    }
  });
  return violations;
}
