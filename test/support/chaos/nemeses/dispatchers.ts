import { setTimeout as sleep } from 'node:timers/promises';
import { standStill } from '../evidence.js';
import { leaderOf } from '../leader.js';
import type { Nemesis, Site } from '../nemesis.js';

async function kill({ run }: Site, name: string): Promise<void> {
  const end = await run.processes.end(name, 'SIGKILL');
  if (end !== 'SIGKILL') throw new Error(`${name} had ended before, with ${end}`);
}

const killLeader: Nemesis = {
  name: 'leader kill',
  target: 'dispatchers',
  excuses: 'nothing',
  leases: 1.5,
  strike: async (site) => {
    const { name, does } = await leaderOf(site);
    await kill(site, name);
    await site.run.startDispatcher(name);
    return `${name}, which ${does}, ended by SIGKILL`;
  },
};

const stopLeader: Nemesis = {
  name: 'leader stopped beyond its lease',
  target: 'dispatchers',
  excuses: 'nothing',
  leases: 3,
  strike: async (site) => {
    const { run, leaseMs } = site;
    const { name, does } = await leaderOf(site);
    return `${name}, which ${does}, ${await standStill(run.processes.stoppable(name), 2 * leaseMs)}`;
  },
};

/** All dispatchers are away for some time. */
function killAll(name: string, awayMs: (leaseMs: number) => number, more: Pick<Nemesis, 'leases' | 'isLong'>): Nemesis {
  return {
    name,
    target: 'dispatchers',
    excuses: 'nothing',
    ...more,
    strike: async (site) => {
      const { run, dispatchers, leaseMs } = site;
      await Promise.all(dispatchers.map((dispatcher) => kill(site, dispatcher)));
      await sleep(awayMs(leaseMs));
      await Promise.all(dispatchers.map((dispatcher) => run.startDispatcher(dispatcher)));
      return `${dispatchers.length} ended by SIGKILL, none for ${awayMs(leaseMs)} ms`;
    },
  };
}

/** What strikes dispatchers, one fault at a time. */
export const dispatcherNemeses: readonly Nemesis[] = [
  killLeader,
  stopLeader,
  killAll('no dispatcher alive', (leaseMs) => 2 * leaseMs, { leases: 3 }),
  killAll('no dispatcher for a minute', () => 60_000, { leases: 31, isLong: true }),
];
