import { type BreakerFacts, invalidInput } from '@shunt/lanes';

/** What is done with a breaker by hand; `auto` leaves it to the rules. */
export const breakerOrders = ['open', 'close', 'auto'] as const;

/** One of {@link breakerOrders}. */
export type BreakerOrder = (typeof breakerOrders)[number];

/** @throws ShuntError INVALID_INPUT naming order */
export function assertBreakerOrder(order: BreakerOrder): void {
  if (!breakerOrders.includes(order))
    throw invalidInput([{ field: 'order', message: "must be 'open', 'close' or 'auto'" }]);
}

const words = { open: 'open', closed: 'close', auto: 'auto' } as const;

/** Says in a few words what an order to a breaker would do, as things are. */
export function breakerPlan(order: BreakerOrder, facts: BreakerFacts): string {
  const { ordered, breaker } = facts;
  if (words[ordered] === order)
    return order === 'auto'
      ? `The rules decide already, and the breaker is ${breaker}: nothing would change.`
      : `That is the order already, and the breaker is ${breaker}: nothing would change.`;
  const now = `The breaker is ${breaker} now${ordered === 'auto' ? ', by the rules' : ', by an order'}.`;
  if (order === 'auto') return `The rules would decide again. ${now}`;
  if (order === 'close')
    return `The worker would get tasks whatever it does, until its breaker is given back to the rules. ${now}`;
  return `The worker would get nothing until its breaker is closed or given back to the rules. ${laneOf(facts)} ${now}`;
}

function laneOf({ waiting, running, others }: BreakerFacts): string {
  const where =
    others === 0
      ? 'wait, as no other worker may receive them'
      : `go to ${others === 1 ? '1 other worker' : `${others} other workers`}`;
  return `What waits in its lane, ${tasks(waiting)}, would ${where}; what it runs, ${tasks(running)}, would end there.`;
}

function tasks(count: number): string {
  return count === 1 ? '1 task' : `${count} tasks`;
}
