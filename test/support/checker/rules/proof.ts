import type { HistoryIndex } from '../history-index.js';
import type { Violation } from '../rule.js';

/** Every numbered fault was seen to have taken place: a run whose faults may not have happened shows nothing. */
export function proof(index: HistoryIndex): Violation[] {
  return index.faults
    .filter(({ n }) => n !== undefined && !index.proofs.has(n))
    .map((event) => ({
      rule: 'proof',
      message: `unknown whether fault ${event.n} took place: ${event.name}, ${event.detail}`,
      events: [event],
    }));
}
