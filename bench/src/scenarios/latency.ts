import { setTimeout as sleep } from 'node:timers/promises';
import { poissonArrivals, seededRandom, zipfSampler } from '@shunt/workload';
import { nowUs } from '../clock.js';
import { BenchFleet, type Record } from '../fleet.js';
import { redisCpuSeconds } from '../redis-cpu.js';
import { quantile } from '../stats.js';
import { type Producer, padding } from '../systems/system.js';
import type { Scenario } from './scenario.js';

const workers = 4;
const slots = 50;
const agents = 1000;

/** What is offered, at which rate and for how long. */
export interface Offer {
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly seed: number;
  readonly nextAgent: () => number;
  /** Asked before each task with the number sent so far: false ends the offer. Defaults to always. */
  readonly mayGoOn?: (sent: number) => boolean;
}

/** Enqueues at Poisson times, open loop. Resolves to the number of tasks once Redis has them all. */
export function offer(producer: Producer, options: Offer): Promise<number> {
  const { seed, nextAgent, mayGoOn = () => true } = options;
  const enqueue = (sent: number) =>
    mayGoOn(sent) ? producer.enqueue({ agent: `a${nextAgent()}`, t: nowUs(), pad: padding }) : null;
  return atPoissonTimes(options, seededRandom(seed), enqueue);
}

/** Calls `send` at Poisson times, as {@link atTimes} does. */
export function atPoissonTimes(
  offered: Pick<Offer, 'ratePerSecond' | 'durationMs'>,
  random: () => number,
  send: (sent: number) => Promise<unknown> | null,
): Promise<number> {
  return atTimes(poissonArrivals(offered, random), send);
}

/** Calls `send` at times in ms from now, whatever became of the calls before, with their number; null ends it. Resolves to how many were answered. */
export async function atTimes(
  timesMs: Iterable<number>,
  send: (sent: number) => Promise<unknown> | null,
): Promise<number> {
  const startUs = nowUs();
  const calls: Promise<unknown>[] = [];
  for (const atMs of timesMs) {
    const waitMs = atMs - (nowUs() - startUs) / 1000;
    if (waitMs > 1) await sleep(waitMs);
    const call = send(calls.length);
    if (call === null) break;
    calls.push(call);
  }
  await Promise.all(calls);
  return calls.length;
}

/** Time from the call of enqueue to the start of the task, in ms. */
export const waitMs = ([, enqueuedUs, startedUs]: Record): number => (startedUs - enqueuedUs) / 1000;

/** How long a task waits at a fixed rate, far below capacity. */
export function latencyAt(ratePerSecond: number): Scenario {
  return {
    name: `latency at ${ratePerSecond}/s`,
    about: `Poisson arrivals for 10 s, open loop, ${workers} worker processes x ${slots} slots, no-op handlers, ${agents} agents`,
    columns: { 'p50 ms': 'ms', 'p99 ms': 'ms', 'redis us/task': 'us' },
    async run({ system, redisUrl, redis, seed, size }) {
      const fleet = await BenchFleet.start({ system: system.name, redisUrl, workers, slots, records: true });
      const producer = system.producer(redisUrl, workers);
      const nextAgent = zipfSampler({ agents, exponent: 0 }, seededRandom(seed));
      const warmUp = await offer(producer, { ratePerSecond, durationMs: 1000, seed, nextAgent });
      await fleet.untilRan(warmUp);
      await fleet.records();
      const cpu = await redisCpuSeconds(redis);
      const sent = await offer(producer, { ratePerSecond, durationMs: 10_000 * size, seed: seed + 1, nextAgent });
      await fleet.untilRan(warmUp + sent);
      const used = (await redisCpuSeconds(redis)) - cpu;
      const waits = (await fleet.records()).map(waitMs);
      await producer.close();
      await fleet.stop();
      return {
        'p50 ms': quantile(waits, 0.5),
        'p99 ms': quantile(waits, 0.99),
        'redis us/task': (used / sent) * 1e6,
      };
    },
  };
}
