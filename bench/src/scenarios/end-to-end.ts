import { seededRandom, zipfSampler } from '@shunt/workload';
import { nowUs } from '../clock.js';
import { BenchFleet } from '../fleet.js';
import { redisCpuSeconds } from '../redis-cpu.js';
import { padding } from '../systems/system.js';
import type { Scenario } from './scenario.js';

const workers = 4;
const slots = 50;
const outstanding = 5000;
const agents = 1000;

/** How fast tasks go through from enqueue to done, with handlers that do nothing. */
function endToEnd(name: string, exponent: number): Scenario {
  return {
    name,
    about: `one producer, at most ${outstanding} tasks open, ${workers} worker processes x ${slots} slots, no-op handlers, ${agents} agents of Zipf ${exponent}`,
    columns: { 'tasks/s': '1/s', 'redis us/task': 'us' },
    async run({ system, redisUrl, redis, seed, size }) {
      const total = Math.round(40_000 * size);
      const next = zipfSampler({ agents, exponent }, seededRandom(seed));
      const fleet = await BenchFleet.start({ system: system.name, redisUrl, workers, slots, records: false });
      const producer = system.producer(redisUrl, workers);
      const cpu = await redisCpuSeconds(redis);
      const startUs = nowUs();
      let sent = 0;
      const send = async () => {
        while (sent < total) {
          if (sent - fleet.ran >= outstanding) {
            await fleet.untilRan(sent - outstanding + 1);
            continue;
          }
          sent++;
          await producer.enqueue({ agent: `a${next()}`, t: nowUs(), pad: padding });
        }
      };
      await Promise.all(Array.from({ length: 1000 }, send));
      await fleet.untilRan(total);
      const seconds = (nowUs() - startUs) / 1e6;
      const used = (await redisCpuSeconds(redis)) - cpu;
      await producer.close();
      await fleet.stop();
      return { 'tasks/s': total / seconds, 'redis us/task': (used / total) * 1e6 };
    },
  };
}

/** Every agent equally busy: what the path itself costs. */
export const endToEndUniform = endToEnd('end to end', 0);

/** A few agents ask for more than one slot: their tasks wait for each other, which plain BullMQ does not honour. */
export const endToEndZipf = endToEnd('end to end, hot agents', 1);
