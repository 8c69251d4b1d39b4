import { setTimeout as sleep } from 'node:timers/promises';

/** Starts a call per item at its time, in ms from now; a late answer delays no later call. Resolves when all are answered. */
export async function atTimes<Item>(
  items: readonly Item[],
  timeMs: (item: Item) => number,
  call: (item: Item, nth: number) => Promise<void>,
): Promise<void> {
  const startedAtMs = performance.now();
  const calls: Promise<void>[] = [];
  for (const [nth, item] of items.entries()) {
    const waitMs = timeMs(item) - (performance.now() - startedAtMs);
    if (waitMs > 1) await sleep(waitMs);
    calls.push(call(item, nth));
  }
  await Promise.all(calls);
}
