import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so many ms at most. Resolves to whether the work has ended by then; rejects as it does. What goes on after that is nobody's. */
export async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const limit = new AbortController();
  const late = sleep(ms, false, { signal: limit.signal }).catch(() => false);
  const ended = work.then(() => true);
  ended.catch(() => undefined);
  return Promise.race([ended, late]).finally(() => limit.abort());
}
