import { setTimeout as sleep } from 'node:timers/promises';
import { standStill, untilSeen } from '../evidence.js';
import type { Nemesis, Site } from '../nemesis.js';

/** One field of INFO. */
async function infoOf({ run }: Site, section: string, field: string): Promise<string> {
  const [, value = ''] = new RegExp(`^${field}:(.*)$`, 'm').exec(await run.redis.info(section)) ?? [];
  return value.trim();
}

function kill(name: string, awayLeases: number): Nemesis {
  return {
    name,
    target: 'redis',
    excuses: 'all',
    leases: awayLeases + 2,
    strike: async (site) => {
      const { run, redis, leaseMs } = site;
      const before = await infoOf(site, 'server', 'run_id');
      const { pid } = redis.running;
      await redis.crash();
      await sleep(awayLeases * leaseMs);
      await redis.up();
      run.fault(`${name}, over`, 'back');
      await untilSeen('another Redis', async () => (await infoOf(site, 'server', 'run_id')) !== before);
      return `process ${pid} ended by SIGKILL, process ${redis.running.pid} after ${awayLeases * leaseMs} ms with its AOF`;
    },
  };
}

function hang(name: string, leases: number): Nemesis {
  return {
    name,
    target: 'redis',
    excuses: 'all',
    leases: leases + 1,
    strike: async ({ run, redis, leaseMs }) => {
      const { pid = 0, kill } = redis.running;
      const stoppable = { pid, signal: kill };
      return standStill(stoppable, leases * leaseMs, () => run.fault(`${name}, over`, 'continued'));
    },
  };
}

const killClients: Nemesis = {
  name: 'redis CLIENT KILL',
  target: 'redis',
  excuses: 'nothing',
  leases: 0.5,
  strike: async ({ run }) => {
    const killed = Number(await run.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    if (killed === 0) throw new Error('no client was there to be killed');
    return `${killed} connections killed`;
  },
};

/** Clients that call a script are told that there is none, and load it. */
const flushScripts: Nemesis = {
  name: 'redis FUNCTION FLUSH',
  target: 'redis',
  excuses: 'nothing',
  leases: 0.5,
  strike: async (site) => {
    const { redis } = site.run;
    await redis.script('FLUSH');
    await redis.function('FLUSH');
    const libraries = async () => (await redis.function('LIST')).length;
    await untilSeen('a library that was loaded again', async () => (await libraries()) > 0);
    return `${await libraries()} library loaded again`;
  },
};

const slowScript: Nemesis = {
  name: 'redis busy with a slow script',
  target: 'redis',
  excuses: 'all',
  leases: 1,
  strike: async ({ run }) => {
    const slow = 'local sum = 0 for i = 1, ARGV[1] do sum = sum + i % 7 end return sum';
    await run.redis.eval(slow, 0, 20_000_000);
    // Others that waited for it may have been slow after it.
    const told = (await run.redis.call('SLOWLOG', 'GET', 128)) as [number, number, number, string[]][];
    const [, , tookUs = 0] = told.find(([, , , words]) => words.includes(slow)) ?? [];
    const ms = Math.round(tookUs / 1000);
    if (ms < 100) throw new Error(`the script took ${ms} ms only`);
    return `${ms} ms in one script`;
  },
};

/** What strikes Redis, and by it everybody. */
export const redisNemeses: readonly Nemesis[] = [
  kill('redis kill', 0),
  kill('redis away beyond the lease', 1.5),
  hang('redis hangs half a lease', 0.5),
  killClients,
  flushScripts,
  slowScript,
];
