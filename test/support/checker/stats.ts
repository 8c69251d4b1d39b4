import type { TerminalEvent } from '../history/events.js';
import type { HistoryIndex } from './history-index.js';

/** What a history holds; a check of an empty history passes, so a test asserts on these too. */
export interface HistoryStats {
  readonly submittedTasks: number;
  readonly acceptedTasks: number;
  readonly agents: number;
  readonly starts: number;
  /** First terminal state of each task. */
  readonly terminals: Readonly<Record<TerminalEvent['state'], number>>;
  /** Starts of an agent's tasks on a worker that held its state. */
  readonly warmStarts: number;
  /** Starts of an agent after its first one. */
  readonly followUps: number;
  /** Follow-ups on the worker of the start before. */
  readonly followUpsOnHome: number;
  /** Assignments of the journal by their reason. */
  readonly assignments: Readonly<Record<string, number>>;
  readonly faults: number;
  /** From the first event to the last, microseconds. */
  readonly spanUs: number;
}

/** Counts what a history holds. */
export function historyStats(index: HistoryIndex): HistoryStats {
  const terminals = { completed: 0, failed: 0, cancelled: 0, expired: 0 };
  const counts = { submittedTasks: 0, acceptedTasks: 0, starts: 0, warmStarts: 0, followUps: 0, followUpsOnHome: 0 };
  for (const record of index.tasks.values()) {
    if (record.submits.length > 0) counts.submittedTasks += 1;
    if (record.oks.length > 0) counts.acceptedTasks += 1;
    counts.starts += record.runs.length;
    const terminal = record.terminals[0];
    if (terminal !== undefined) terminals[terminal.state] += 1;
  }
  const assignments = new Map<string, number>();
  for (const agent of index.agents.values()) {
    for (const { reason } of agent.journal) assignments.set(reason, (assignments.get(reason) ?? 0) + 1);
    agent.runs.forEach(({ start }, nth) => {
      if (start.home === 'warm') counts.warmStarts += 1;
      if (nth === 0) return;
      counts.followUps += 1;
      if (agent.runs[nth - 1]?.start.worker === start.worker) counts.followUpsOnHome += 1;
    });
  }
  return {
    ...counts,
    agents: index.agents.size,
    terminals,
    assignments: Object.fromEntries(assignments),
    faults: index.faults.length,
    spanUs: (index.events.at(-1)?.t ?? 0) - (index.events[0]?.t ?? 0),
  };
}
