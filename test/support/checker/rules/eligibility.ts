import type { HistoryIndex } from '../history-index.js';
import type { Violation } from '../rule.js';

/**
 * No agent is given to a worker that may not receive: one that never joined, that drains, has left or was evicted and has not
 * joined again, or whose breaker is open. An agent that stays where it is, on a new life, is not given.
 *
 * Judged by the order of the journal. A history without entries about workers is not asked for them.
 */
export function eligibility(index: HistoryIndex): Violation[] {
  if (!index.journal.some(({ e }) => e === 'worker')) return [];
  const violations: Violation[] = [];
  const states = new Map<string, string>();
  const open = new Set<string>();
  for (const event of index.journal) {
    if (event.e === 'worker') states.set(event.worker, event.state);
    if (event.e === 'worker' && event.state === 'left') open.delete(event.worker);
    if (event.e === 'breaker' && event.to === 'open') open.add(event.worker);
    if (event.e === 'breaker' && event.to !== 'open') open.delete(event.worker);
    if (event.e !== 'placed' && event.e !== 'moved') continue;
    if (event.e === 'moved' && event.from === event.worker) continue;
    const state = states.get(event.worker) ?? 'unknown';
    if (state === 'joined' && !open.has(event.worker)) continue;
    const why = state === 'joined' ? 'whose breaker was open' : `which was ${state}`;
    const message = `agent ${event.agent} was given to ${event.worker}, ${why}`;
    violations.push({ rule: 'eligibility', message, events: [event] });
  }
  return violations;
}
