import type { HistoryIndex } from '../history-index.js';
import type { CheckOptions, Violation } from '../rule.js';

/** Nothing is left in any list when the run is over, by the last final counts; a complete history has them. */
export function conservation(index: HistoryIndex, options: CheckOptions): Violation[] {
  const final = index.finals.at(-1);
  if (final === undefined) {
    if (options.isComplete === false) return [];
    return [{ rule: 'conservation', message: 'nobody counted what is left in the lists', events: [] }];
  }
  const left = Object.entries(final.counts).filter(([, count]) => count !== 0);
  if (left.length === 0) return [];
  const message = `left over: ${left.map(([list, count]) => `${list} ${count}`).join(', ')}`;
  return [{ rule: 'conservation', message, events: [final] }];
}
