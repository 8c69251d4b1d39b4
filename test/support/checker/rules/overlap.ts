import type { AgentRecord, HistoryIndex, Run } from '../history-index.js';
import { faultOn, mayGoOnBeside } from '../lookup.js';
import type { Violation } from '../rule.js';

/**
 * Two handlers of one agent never run at once.
 *
 * A handler without an end runs until a fault strikes its worker, or for ever. A worker that was stopped or cut off may
 * go on with a handler beside its successor, if the successor holds a higher fence; one that was only cut off, whose handlers heed
 * their signals, for a second at most. Each handler that never ends is reported once.
 */
export function overlap(index: HistoryIndex): Violation[] {
  return [...index.agents.values()].flatMap((agent) => overlapsOf(index, agent));
}

function overlapsOf(index: HistoryIndex, agent: AgentRecord): Violation[] {
  const violations: Violation[] = [];
  let active: Run[] = [];
  for (const run of agent.runs) {
    active = active.filter((earlier) => lastUs(index, earlier) > run.start.t && !mayGoOnBeside(index, earlier, run));
    const other = active[0];
    if (other !== undefined) {
      const ends = [other.end, run.end].filter((end) => end !== null).sort((left, right) => left.t - right.t);
      const message =
        `agent ${agent.agent}: task ${run.start.task} started on ${run.start.worker} ` +
        `while ${other.start.task} ran on ${other.start.worker}`;
      violations.push({ rule: 'overlap', message, events: [other.start, run.start, ...ends] });
      active = active.filter((earlier) => earlier.end !== null);
    }
    active.push(run);
  }
  return violations;
}

function lastUs(index: HistoryIndex, run: Run): number {
  return run.end?.t ?? faultOn(index, run.start.worker, run.start.t, Infinity)?.t ?? Infinity;
}
