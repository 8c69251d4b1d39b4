import { setTimeout as sleep } from 'node:timers/promises';
import { openPatientRedis } from '@shunt/lanes';
import type { RedisFault } from '../../../test/support/redis-faults/fault.js';
import { redisFaults } from '../../../test/support/redis-faults/redis-faults.js';
import { nowUs } from '../clock.js';
import type { Finding } from '../trials/finding.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { InsistentProducer } from './insistent-producer.js';
import { FaultPool } from './pool.js';
import { defaultProfile, type Profile, testProfile } from './profile.js';

const workers = 3;
const slots = 4;
/** How long it lasts: longer than a lease, so that every worker has fenced itself and comes back as a new life. */
const heldMs = ({ leaseMs }: Profile) => 1.2 * leaseMs;
/** More work than is done until the end of a round. */
const backlog = { agents: 60, each: 20, runMs: 500 };
/** How long a call of the producer may take. */
const timeoutMs = 1000;
/** What a producer is to be told. */
const expectedCodes: readonly string[] = ['STORE_UNAVAILABLE', 'DEADLINE_EXCEEDED', 'POOL_FULL'];

/** What a round found, in seconds. */
interface Resumed {
  /** From when Redis was well again to the next start, and to the next task that was accepted. */
  readonly startS: number;
  readonly enqueueS: number;
  readonly refusals: InsistentProducer['refusals'];
}

/** Breaks a Redis under load, and mends it. */
async function breakOnce(fault: RedisFault, run: TrialRun): Promise<Resumed> {
  const profile = run.size < 1 ? testProfile : defaultProfile;
  const broken = await fault.start();
  const redis = openPatientRedis(broken.url).on('error', () => undefined);
  const pool = new FaultPool({ ...run, redis, redisUrl: broken.url }, 'resume', profile);
  const { crew } = pool;
  await pool.dispatcher('d1');
  await Promise.all(Array.from({ length: workers }, (_, n) => pool.worker(`w${n + 1}`, slots, 'pass')));
  const agents = Array.from({ length: backlog.agents * backlog.each }, (_, n) => `a${n % backlog.agents}`);
  await Promise.all(agents.map((agent) => pool.enqueue(agent, {}, backlog.runMs)));
  await crew.untilStarted(2 * workers * slots);

  let wellUs = Number.POSITIVE_INFINITY;
  await broken.strike();
  const producer = new InsistentProducer(broken.url, 'resume', timeoutMs);
  const accepted = producer.untilAccepted(() => wellUs);
  if (!fault.isShort) await sleep(heldMs(profile));
  await broken.mend();
  wellUs = nowUs();
  await crew.untilStarted(1, ({ startedUs }) => startedUs > wellUs);
  const firstUs = Math.min(...crew.starts.map(({ startedUs }) => startedUs).filter((at) => at > wellUs));
  const enqueueS = ((await accepted) - wellUs) / 1e6;
  producer.close();
  await pool.end();
  redis.disconnect();
  await broken.end();
  return { startS: (firstUs - wellUs) / 1e6, enqueueS, refusals: producer.refusals };
}

function findingsOf({ name }: RedisFault, rounds: readonly Resumed[]): Finding[] {
  const values = (of: (round: Resumed) => number) => rounds.map(of);
  const first = (what: string, of: (round: Resumed) => number): Finding => {
    return { what: `Redis ${name}: first ${what}`, unit: 's', values: values(of), judged: 'max', bar: 5 };
  };
  return [first('start', ({ startS }) => startS), first('task accepted', ({ enqueueS }) => enqueueS)];
}

/** Redis broken in every way that passes, for longer than a lease where it can last. */
export const redisResume: Trial = {
  name: 'redis',
  about: `Redis broken for ${heldMs(defaultProfile) / 1000} s, ${workers} workers x ${slots} slots with a backlog, defaults (test profile when scaled down); from when it takes writes again, in a failover from the promotion, to the next start of a task and the next one accepted of a producer that asks again and again with ${timeoutMs} ms for a call`,
  isAlone: true,
  async run(run) {
    const faults = redisFaults.flat();
    const found = new Map<RedisFault, Resumed[]>(faults.map((fault) => [fault, []]));
    for (let round = 0; round < run.rounds; round++) {
      for (const kind of redisFaults) {
        await Promise.all(kind.map(async (fault) => found.get(fault)?.push(await breakOnce(fault, run))));
      }
      run.onRound();
    }
    const refusals = [...found.values()].flat().flatMap((round) => round.refusals);
    const others = refusals.filter(({ code }) => !expectedCodes.includes(code)).length;
    const took = refusals.map(({ tookS }) => tookS);
    return [
      ...faults.flatMap((fault) => findingsOf(fault, found.get(fault) ?? [])),
      { what: `refusal of a call with ${timeoutMs} ms`, unit: 's', values: took, judged: 'max', bar: 1.1 },
      { what: 'refusals with another code', unit: '', values: [others], judged: 'max', bar: 0 },
    ];
  },
};
