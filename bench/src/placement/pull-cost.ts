import { randomUUID } from 'node:crypto';
import { changePoolConfig, poolKeys, queueNameOf } from '@shunt/lanes';
import type { Redis } from 'ioredis';
import { BenchFleet } from '../fleet.js';
import { redisCpuSeconds } from '../redis-cpu.js';
import { offer } from '../scenarios/latency.js';
import { median } from '../stats.js';
import { shunt, shuntPool } from '../systems/shunt.js';
import type { Finding } from '../trials/finding.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { agentsAt, costsAt, warmCold, warmColdInWords } from '../warm-cold-setting.js';

/** A load under which idle workers may take from others, or not. */
interface Load {
  readonly what: string;
  readonly ratePerSecond: number;
  readonly isWarmCold: boolean;
}

const loads: readonly Load[] = [
  { what: 'of no length at 500/s', ratePerSecond: 500, isWarmCold: false },
  { what: 'of no length at 1,500/s', ratePerSecond: 1500, isWarmCold: false },
  { what: 'of warm and cold workers at 700/s', ratePerSecond: 700, isWarmCold: true },
];
/** CPU of Redis per task in us, with pull and without. */
interface Costs {
  readonly on: number;
  readonly off: number;
}

const pairs = 5;
const seconds = 5;

/** What idle pull costs Redis: a pool that is told in turn to pull and not to. */
export const pullCost: Trial = {
  name: 'pull-cost',
  about: `Redis CPU per task while idle workers take from others (affinity soft) over that while they do not (strict), ${pairs} spells of ${seconds} s each in turn in one pool, medians; ${warmColdInWords}`,
  isAlone: true,
  async run(run) {
    const found = new Map<Load, Costs[]>(loads.map((load) => [load, []]));
    for (let round = 1; round <= run.rounds; round++) {
      for (const load of loads) found.get(load)?.push(await compare(run, load, round));
      run.onRound(findingsOf(found));
    }
    return findingsOf(found);
  },
};

function findingsOf(found: ReadonlyMap<Load, readonly Costs[]>): Finding[] {
  return [...found].flatMap(([{ what }, each]) => {
    const told = (name: string, values: number[], unit: 'us' | ''): Finding => {
      return { what: `${name}, tasks ${what}`, unit, values, judged: 'median', bar: null };
    };
    const used = each.map(({ on }) => on);
    const over = each.map(({ on, off }) => on / off);
    return [
      told('Redis CPU a task with pull', used, 'us'),
      { ...told('Redis CPU with pull over without', over, ''), bar: 1.1 },
    ];
  });
}

async function compare(run: TrialRun, { ratePerSecond, isWarmCold }: Load, seed: number): Promise<Costs> {
  const { redis, redisUrl, size, slower } = run;
  await redis.flushall();
  const { workers, slots } = warmCold;
  const costs = isWarmCold ? { warmCold: costsAt(slower) } : {};
  const fleet = await BenchFleet.start({ system: 'shunt', redisUrl, workers, slots, records: false, ...costs });
  const producer = shunt.producer(redisUrl, workers);
  const rate = ratePerSecond / (isWarmCold ? slower : 1);
  const nextAgent = agentsAt(ratePerSecond, seed);
  let sent = 0;
  const spell = async (affinity: 'soft' | 'strict') => {
    await pull(redis, affinity);
    sent += await offer(producer, { ratePerSecond: rate, durationMs: 1000 * size, seed: seed + sent, nextAgent });
    const before = await redisCpuSeconds(redis);
    const tasks = await offer(producer, {
      ...{ ratePerSecond: rate, durationMs: seconds * 1000 * size, seed: seed + sent, nextAgent },
    });
    sent += tasks;
    await fleet.untilRan(sent);
    return (1e6 * ((await redisCpuSeconds(redis)) - before)) / tasks;
  };
  await spell('soft');
  const on: number[] = [];
  const off: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    on.push(await spell('soft'));
    off.push(await spell('strict'));
  }
  await producer.close();
  await fleet.stop();
  return { on: median(on), off: median(off) };
}

async function pull(redis: Redis, affinity: 'soft' | 'strict'): Promise<void> {
  const keys = poolKeys(queueNameOf(shuntPool));
  await changePoolConfig(redis, keys, { affinity }, { nonce: randomUUID(), by: 'bench' });
}
