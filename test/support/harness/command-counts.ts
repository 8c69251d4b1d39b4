import type { Redis } from 'ioredis';

/** What a Redis did: commands, those inside scripts included, and the time they took. */
export interface CommandCounts {
  readonly calls: number;
  readonly us: number;
}

/** Commands that observers send, or that enclose those of a script. */
const ignored = /^cmdstat_(xread|info|config\|\w+|evalsha|eval|fcall|function\|\w+|ping|client\|\w+|bzpopmin)$/;

/** Counts the commands of a Redis of one's own while something happens. */
export async function countCommands(redis: Redis, happens: () => Promise<void>): Promise<CommandCounts> {
  await redis.config('RESETSTAT');
  await happens();
  let calls = 0;
  let us = 0;
  for (const line of (await redis.info('commandstats')).split('\r\n')) {
    const [name = '', fields = ''] = line.split(':');
    if (!name.startsWith('cmdstat_') || ignored.test(name)) continue;
    calls += Number(/calls=(\d+)/.exec(fields)?.[1] ?? 0);
    us += Number(/usec=(\d+)/.exec(fields)?.[1] ?? 0);
  }
  return { calls, us };
}
