import type { HistoryIndex, PoolEvent } from '../history-index.js';
import type { Violation } from '../rule.js';

/**
 * The breaker never empties the pool: at most a third of the workers, or one, are open at a time, and an agent leaves its home for
 * the breaker only while that is open. A breaker outlives the death of its worker. By the order of the journal.
 */
export function ejection(index: HistoryIndex): Violation[] {
  const violations: Violation[] = [];
  const present = new Set<string>();
  const open = new Set<string>();
  const report = (message: string, event: PoolEvent) => violations.push({ rule: 'ejection', message, events: [event] });
  for (const event of index.journal) {
    if (event.e === 'worker' && event.state === 'joined') present.add(event.worker);
    if (event.e === 'worker' && (event.state === 'left' || event.state === 'evicted')) present.delete(event.worker);
    if (event.e === 'worker' && event.state === 'left') open.delete(event.worker);
    if (event.e === 'breaker' && event.to === 'open') {
      open.add(event.worker);
      const most = Math.max(1, Math.floor(present.size / 3));
      const count = [...open].filter((worker) => present.has(worker)).length;
      if (count > most) report(`${count} of ${present.size} workers were open at once, ${most} may be`, event);
    }
    if (event.e === 'breaker' && event.to !== 'open') open.delete(event.worker);
    if (event.e === 'moved' && event.reason === 'breaker' && !open.has(event.from))
      report(`agent ${event.agent} left ${event.from} for its breaker, which was not open`, event);
  }
  return violations;
}
