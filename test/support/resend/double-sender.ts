import type { PoolKeys } from '@shunt/lanes';
import type { Redis } from 'ioredis';
import { type Dump, dumpPool } from './dump.js';

/** A script call that was sent twice with the same arguments: both answers, and the pool after each. */
export interface SentTwice {
  readonly script: string;
  readonly replies: readonly [unknown, unknown];
  readonly dumps: readonly [Dump, Dump];
}

type Call = (name: string, ...args: unknown[]) => Promise<unknown>;

/** The name that a script has in the sources, of the one that Redis knows it by. */
export const scriptOf = (name: string) => name.slice(name.lastIndexOf('_') + 1);

/**
 * Makes a connection send each script twice, as ioredis does when a reply got lost, and answer with the second reply.
 * Each pair is added to `sent`. Calls are made one after the other, so that each pair of dumps differs by the second sending alone.
 */
export function sendTwice(redis: Redis, observer: Redis, keys: PoolKeys, sent: SentTwice[]): void {
  let last: Promise<unknown> = Promise.resolve();
  const commands = redis as unknown as { fcall: Call };
  const send = commands.fcall.bind(redis);
  const both: Call = async (...args) => {
    const first = await send(...args);
    const before = await dumpPool(observer, keys);
    const second = await send(...args);
    const after = await dumpPool(observer, keys);
    sent.push({ script: scriptOf(args[0]), replies: [first, second], dumps: [before, after] });
    return second;
  };
  commands.fcall = (...args) => {
    const call = last.then(() => both(...args));
    last = call.catch(() => undefined);
    return call;
  };
}
