import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@shunt/workload';
import { Queue } from 'bullmq';
import { nowUs } from '../clock.js';
import type { Finding } from '../trials/finding.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { Crew } from './crew.js';
import { taskName } from './crew-task.js';
import { FaultPool } from './pool.js';
import { defaultProfile, type Profile, testProfile } from './profile.js';

const slots = 8;
const victimsOf = ({ rounds }: TrialRun) => Array.from({ length: rounds }, (_, n) => `victim${n + 1}`);

/**
 * Kills workers that hold tasks, each at a moment of its own. Resolves to the seconds from each kill to the next start of each
 * of its tasks, and to how many starts were too many.
 */
async function kill(
  crew: Crew,
  victims: readonly string[],
  spreadMs: number,
  onRound: () => void,
): Promise<{ seconds: number[]; extra: number }> {
  const tasks = victims.length * slots;
  const random = seededRandom(victims.length);
  const killed = new Map<string, number>();
  const kills = victims.map(async (victim) => {
    await sleep(random() * spreadMs);
    killed.set(victim, crew.signal(victim, 'SIGKILL'));
    const held = new Set(crew.starts.filter(({ worker }) => worker === victim).map(({ task }) => task));
    await crew.untilStarted(held.size, ({ worker, task }) => worker === 'survivor' && held.has(task));
    onRound();
  });
  await Promise.all(kills);
  const heldBy = new Map(
    crew.starts.filter(({ worker }) => killed.has(worker)).map((start) => [start.task, start.worker]),
  );
  const again = crew.starts.filter(({ worker }) => worker === 'survivor');
  const seconds = again.map(({ task, startedUs }) => (startedUs - (killed.get(heldBy.get(task) ?? '') ?? 0)) / 1e6);
  return { seconds, extra: crew.starts.length - 2 * tasks };
}

function findings(
  who: string,
  bar: number | null,
  { seconds, extra }: { seconds: number[]; extra: number },
): Finding[] {
  return [
    { what: `crash to re-run, ${who}`, unit: 's', values: seconds, judged: 'p99', bar },
    { what: `starts beyond one re-run a task, ${who}`, unit: '', values: [extra], judged: 'max', bar: bar && 0 },
  ];
}

function crash(name: string, who: string, profile: Profile, bar: number, isAlone: boolean): Trial {
  const { heartbeatMs, leaseMs, sweepMs } = profile;
  return {
    name,
    about: `workers of ${slots} tasks each killed at random moments; ${who}: heartbeat ${heartbeatMs / 1000} s, lease ${leaseMs / 1000} s, sweep ${sweepMs / 1000} s`,
    isAlone,
    async run(run) {
      const pool = new FaultPool(run, name, profile);
      const victims = victimsOf(run);
      await pool.dispatcher('d1');
      await Promise.all(victims.map((id) => pool.worker(id, slots, 'hold')));
      const tasks = victims.length * slots;
      await Promise.all(Array.from({ length: tasks }, (_, n) => pool.enqueue(`a${n}`)));
      await pool.crew.untilStarted(tasks);
      await pool.worker('survivor', tasks, 'pass');
      const killed = await kill(pool.crew, victims, 2 * (heartbeatMs + sweepMs), run.onRound);
      await pool.end();
      return findings(who, bar, killed);
    },
  };
}

/** Crashes in a pool that notices them fast. */
export const crashInTestProfile = crash('crash-test', 'test profile', testProfile, 3, true);

/** Crashes in a pool of default settings. */
export const crashByDefault = crash('crash-default', 'default', defaultProfile, 13, false);

/** The same beside it with plain BullMQ. */
export const crashOfPlainBullmq: Trial = {
  name: 'crash-bullmq',
  about: 'the same with plain BullMQ and its defaults: locks of 30 s, looked at every 30 s',
  isAlone: false,
  async run(run) {
    const crew = new Crew();
    const victims = victimsOf(run);
    const told = { redisUrl: run.redisUrl, pool: 'crash-bullmq', role: 'plain-worker' } as const;
    await Promise.all(victims.map((id) => crew.add({ ...told, id, slots, behaviour: 'hold' })));
    const queue = new Queue(told.pool, { connection: { url: run.redisUrl } as never });
    const tasks = victims.length * slots;
    await Promise.all(Array.from({ length: tasks }, () => queue.add(taskName, { t: nowUs(), runMs: 0 })));
    await crew.untilStarted(tasks);
    await crew.add({ ...told, id: 'survivor', slots: tasks, behaviour: 'pass' });
    const killed = await kill(crew, victims, 15_000, run.onRound);
    await queue.close();
    await crew.end();
    return findings('plain BullMQ', null, killed);
  },
};
