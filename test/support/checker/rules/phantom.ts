import type { HistoryEvent } from '../../history/events.js';
import type { HistoryIndex, TaskRecord } from '../history-index.js';
import { isRefused } from '../lookup.js';
import type { Violation } from '../rule.js';

/** Nothing runs or settles that was not submitted before, that was refused, or under another agent; no end without start. */
export function phantom(index: HistoryIndex): Violation[] {
  const violations: Violation[] = [];
  const report = (message: string, ...events: HistoryEvent[]): void => {
    violations.push({ rule: 'phantom', message, events });
  };

  for (const record of index.tasks.values()) {
    const submit = record.submits[0];
    const sign = firstSignOfLife(record);
    if (sign !== undefined) {
      const verb = sign.e === 'start' ? 'started' : 'settled';
      if (submit === undefined) report(`task ${record.task} ${verb} and was never submitted`, sign);
      else if (sign.t < submit.t) report(`task ${record.task} ${verb} before it was submitted`, sign, submit);
      else if (isRefused(record)) report(`task ${record.task} ${verb} though it was refused`, ...record.fails, sign);
    }
    for (const { start } of record.runs) {
      if (submit === undefined || start.agent === submit.agent) continue;
      report(`task ${record.task} of agent ${submit.agent} ran as one of agent ${start.agent}`, submit, start);
    }
  }
  for (const end of index.orphanEnds) report(`task ${end.task} ended on ${end.worker} where it had not started`, end);
  return violations;
}

function firstSignOfLife(record: TaskRecord): HistoryEvent | undefined {
  const start = record.runs[0]?.start;
  const terminal = record.terminals[0];
  if (start === undefined || terminal === undefined) return start ?? terminal;
  return terminal.t < start.t ? terminal : start;
}
