import { seededRandom, zipfSampler } from '@shunt/workload';
import { nowUs } from '../clock.js';
import { redisCpuSeconds } from '../redis-cpu.js';
import { padding } from '../systems/system.js';
import type { Scenario } from './scenario.js';

const agents = 1000;
const inFlight = 1000;

/** How fast one producer hands tasks over, with no worker running. */
export const enqueueOnly: Scenario = {
  name: 'enqueue only',
  about: `one producer, ${inFlight} calls in flight, ${agents} agents of Zipf 1.0, no workers`,
  columns: { 'tasks/s': '1/s', 'redis us/task': 'us' },
  async run({ system, redisUrl, redis, seed, size }) {
    const total = Math.round(40_000 * size);
    const next = zipfSampler({ agents }, seededRandom(seed));
    const producer = system.producer(redisUrl, 4);
    await producer.enqueue({ agent: 'a0', t: nowUs(), pad: padding });
    const cpu = await redisCpuSeconds(redis);
    const startUs = nowUs();
    let sent = 0;
    const send = async () => {
      while (sent++ < total) await producer.enqueue({ agent: `a${next()}`, t: nowUs(), pad: padding });
    };
    await Promise.all(Array.from({ length: inFlight }, send));
    const seconds = (nowUs() - startUs) / 1e6;
    const used = (await redisCpuSeconds(redis)) - cpu;
    await producer.close();
    return { 'tasks/s': total / seconds, 'redis us/task': (used / total) * 1e6 };
  },
};
