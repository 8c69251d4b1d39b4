import type { HistoryIndex } from '../history-index.js';
import type { CheckOptions, Violation } from '../rule.js';

/**
 * Nothing is left in any list when the run is over, by the last final counts, which a complete history has; and no agent and no lane had to be
 * put right on the way: no move leaves one stuck.
 */
export function conservation(index: HistoryIndex, options: CheckOptions): Violation[] {
  const repaired = index.journal.flatMap((event): Violation[] => {
    if (event.e !== 'repaired') return [];
    const what = event.agent === '' ? `worker ${event.worker}` : `agent ${event.agent}`;
    return [{ rule: 'conservation', message: `${what} had to be repaired: ${event.reason}`, events: [event] }];
  });
  return [...repaired, ...left(index, options)];
}

function left(index: HistoryIndex, options: CheckOptions): Violation[] {
  const final = index.finals.at(-1);
  if (final === undefined) {
    if (options.isComplete === false) return [];
    return [{ rule: 'conservation', message: 'nobody counted what is left in the lists', events: [] }];
  }
  const counts = Object.entries(final.counts).filter(([, count]) => count !== 0);
  if (counts.length === 0) return [];
  const message = `left over: ${counts.map(([list, count]) => `${list} ${count}`).join(', ')}`;
  return [{ rule: 'conservation', message, events: [final] }];
}
