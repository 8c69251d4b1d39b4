import type { HistoryEvent } from '../../history/events.js';
import type { HistoryIndex, Run, TaskRecord } from '../history-index.js';
import { faultOn, isAccepted } from '../lookup.js';
import type { CheckOptions, Violation } from '../rule.js';

/**
 * Nothing waits for longer than `withinUs`: an accepted task for its first start, a run that a fault cut off for the next one.
 * A task that ends unrun has waited until then. Delayed tasks are left out, as is what never came (the loss rule's).
 */
export function late(index: HistoryIndex, { withinUs }: CheckOptions): Violation[] {
  if (withinUs === undefined) return [];
  const violations: Violation[] = [];
  for (const record of index.tasks.values()) {
    for (const [what, from, to] of waits(index, record)) {
      if (to.t - from.t <= withinUs) continue;
      const message = `task ${record.task} waited ${((to.t - from.t) / 1e6).toFixed(1)} s ${what}`;
      violations.push({ rule: 'late', message, events: [from, to] });
    }
  }
  return violations;
}

type Wait = readonly [what: string, from: HistoryEvent, to: HistoryEvent];

function waits(index: HistoryIndex, record: TaskRecord): Wait[] {
  const found: Wait[] = [];
  const ok = record.oks[0];
  const first = record.runs[0]?.start ?? record.terminals[0];
  const isDelayed = record.submits[0]?.delayed === true;
  if (isAccepted(record) && !isDelayed && ok !== undefined && first !== undefined)
    found.push(['for its first start', ok, first]);
  record.runs.forEach((run, place) => {
    const fault = cutBy(index, run);
    const next = record.runs[place + 1]?.start ?? record.terminals.find(({ t }) => t > run.start.t);
    if (fault !== undefined && next !== undefined && next.t > fault.t)
      found.push(['for its next start after a fault', fault, next]);
  });
  return found;
}

function cutBy(index: HistoryIndex, { start, end }: Run) {
  return end === null ? faultOn(index, start.worker, start.t, Infinity) : undefined;
}
