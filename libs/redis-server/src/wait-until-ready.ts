import { setTimeout } from 'node:timers/promises';
import { parseInfo } from './inspect-redis.js';
import { readInfo } from './read-info.js';

/** The server answers with its data loaded, or why it does not. */
export type Readiness =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** A native server is up in 50 ms; loading an AOF of a gigabyte on a busy machine takes some ten seconds. */
const startDeadlineMs = 60_000;
const pollMs = 20;

/**
 * Asks for INFO until the server has loaded its data.
 *
 * The process id in the reply must be the child's: on a taken port it is a stranger who answers.
 */
export async function waitUntilReady(url: string, pid: number, hasExited: () => boolean): Promise<Readiness> {
  const deadline = performance.now() + startDeadlineMs;
  let last = 'no answer';
  while (performance.now() < deadline) {
    if (hasExited()) {
      return { kind: 'failed', reason: 'it ended' };
    }
    try {
      const info = parseInfo(await readInfo(url));
      if (info.get('process_id') === String(pid) && info.get('loading') === '0') {
        return { kind: 'ready', version: info.get('redis_version') ?? 'unknown' };
      }
      last = info.get('loading') === '1' ? 'still loading its data' : 'another server answers on its port';
    } catch (error) {
      last = (error as Error).message;
    }
    await setTimeout(pollMs);
  }
  return { kind: 'failed', reason: `no answer within ${startDeadlineMs / 1000} s: ${last}` };
}
