import type { HistoryIndex, TaskRecord } from '../history-index.js';
import { faultOn, isAccepted } from '../lookup.js';
import type { CheckOptions, Violation } from '../rule.js';

/**
 * An accepted task reaches a terminal state, and one that is said to be completed did run to its end.
 *
 * A run that was cut by a fault on its worker counts as run to the end: its last events may have died with the worker.
 */
export function loss(index: HistoryIndex, options: CheckOptions): Violation[] {
  const violations: Violation[] = [];
  for (const record of index.tasks.values()) {
    const terminal = record.terminals[0];
    const runEvents = record.runs.flatMap((run) => (run.end === null ? [run.start] : [run.start, run.end]));
    if (terminal === undefined) {
      if (options.isComplete === false || !isAccepted(record)) continue;
      const message = `task ${record.task} was accepted and never settled, after ${record.runs.length} starts`;
      violations.push({ rule: 'loss', message, events: [...record.submits, ...record.oks, ...runEvents] });
    } else if (
      terminal.state === 'completed' &&
      record.submits.length > 0 &&
      !hasRunToItsEnd(index, record, terminal.t)
    ) {
      const message = `task ${record.task} is said to be completed, but no run of it was`;
      violations.push({ rule: 'loss', message, events: [...runEvents, terminal] });
    }
  }
  return violations;
}

function hasRunToItsEnd(index: HistoryIndex, record: TaskRecord, terminalUs: number): boolean {
  return record.runs.some(({ start, end }) =>
    end === null ? faultOn(index, start.worker, start.t, terminalUs) !== undefined : end.outcome === 'completed',
  );
}
