import type { HistoryEvent } from '../history/events.js';

/**
 * Tasks that first started before one of their agent that was submitted earlier, though that one's call may not have
 * been answered yet: the SDK keeps the order of its calls, which is more than the checker's order rule asks.
 */
export function overtakers(history: readonly HistoryEvent[]): string[] {
  const numberOf = new Map<string, number>();
  const latest = new Map<string, number>();
  const found: string[] = [];
  for (const event of history) {
    if (event.e === 'submit') numberOf.set(event.task, event.n);
    const n = numberOf.get(event.e === 'start' ? event.task : '');
    if (event.e !== 'start' || event.agent === null || event.attempt > 1 || n === undefined) continue;
    if (n < (latest.get(event.agent) ?? -1)) found.push(event.task);
    else latest.set(event.agent, n);
  }
  return found;
}
