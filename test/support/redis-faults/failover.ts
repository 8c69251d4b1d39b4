import { untilStopped } from '../chaos/evidence.js';
import type { TestRedis } from '../redis.js';
import { SentinelFleet } from '../sentinels.js';
import type { RedisFault } from './fault.js';

/** Longer than any fault is held, and then soon. */
const [longMs, shortMs] = [3_600_000, 2000];

/** Its Sentinels promote the replica only when the fault is to end: how soon they do is theirs, so what counts begins then. */
function fault(name: string, fell: (master: TestRedis) => Promise<void>): RedisFault {
  const start = async () => {
    const fleet = await SentinelFleet.start(longMs);
    return {
      url: fleet.url,
      strike: async () => {
        await fleet.replicated();
        await fell(fleet.master);
      },
      mend: async () => {
        await fleet.bearFor(shortMs);
        await fleet.promoted();
      },
      end: () => fleet.end(),
    };
  };
  return { name, start };
}

/** A master behind Sentinels that is no more, until a replica takes over. */
export const failoverFaults: readonly RedisFault[] = [
  fault('failover, master killed', async (master) => {
    master.kill('SIGKILL');
    await master.exited;
  }),
  fault('failover, master stopped', async (master) => {
    master.kill('SIGSTOP');
    await untilStopped(master.pid ?? 0);
  }),
];
