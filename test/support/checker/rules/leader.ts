import type { HistoryIndex } from '../history-index.js';
import type { Violation } from '../rule.js';

/** At most one leader per term: terms grow, and no worker is evicted under a term that is over. By the order of the journal. */
export function leader(index: HistoryIndex): Violation[] {
  const violations: Violation[] = [];
  let latest: Extract<HistoryIndex['journal'][number], { e: 'leader' }> | undefined;
  for (const event of index.journal) {
    if (event.e === 'worker' && event.term !== undefined && latest !== undefined && event.term !== latest.term) {
      const message = `worker ${event.worker} was evicted under term ${event.term} in term ${latest.term}`;
      violations.push({ rule: 'leader', message, events: [latest, event] });
    }
    if (event.e !== 'leader') continue;
    if (latest !== undefined && event.term <= latest.term) {
      const message = `${event.dispatcher} leads in term ${event.term} after ${latest.dispatcher} in term ${latest.term}`;
      violations.push({ rule: 'leader', message, events: [latest, event] });
    }
    latest = event;
  }
  return violations;
}
