import { openPatientRedis } from '@shunt/lanes';
import { readInfo } from '@shunt/redis-server';
import type { Redis } from 'ioredis';
import { untilSeen } from '../chaos/evidence.js';
import { fillDisk, freeDisk } from '../frail-disk.js';
import { MortalRedis, type MortalRedisOptions } from '../mortal-redis.js';
import type { RedisFault } from './fault.js';

/** How a Redis is made to refuse what would write. */
interface Refusal {
  readonly name: string;
  /** What its answers begin with then. */
  readonly answer: string;
  readonly options?: MortalRedisOptions;
  begin(redis: MortalRedis, client: Redis): unknown;
  end(redis: MortalRedis, client: Redis): unknown;
}

/** A fault that is seen by the answer to a write. */
function fault({ name, answer, options, begin, end }: Refusal): RedisFault {
  const start = async () => {
    const redis = new MortalRedis(options);
    await redis.up();
    const client = openPatientRedis({ url: redis.url, reconnectOnError: null });
    const answered = (): Promise<string> => client.set('probe', '1').catch((error: Error) => error.message);
    return {
      url: redis.url,
      strike: async () => {
        await begin(redis, client);
        await untilSeen(`a write refused with ${answer}`, async () => (await answered()).startsWith(answer));
      },
      mend: async () => {
        await end(redis, client);
      },
      end: () => {
        client.disconnect();
        return redis.end();
      },
    };
  };
  return { name, start };
}

const demoted: Refusal = {
  name: 'demoted to a replica',
  answer: 'READONLY ',
  begin: (_, client) => client.replicaof('127.0.0.1', 1),
  end: (_, client) => client.replicaof('NO', 'ONE'),
};

const fullMemory: Refusal = {
  name: 'full memory',
  answer: 'OOM ',
  begin: async ({ url }, client) => {
    const used = Number(/^used_memory:(\d+)/m.exec(await readInfo(url))?.[1]);
    await client.config('SET', 'maxmemory', String(Math.floor(used / 1.5)));
  },
  end: (_, client) => client.config('SET', 'maxmemory', '0'),
};

const fullDisk: Refusal = {
  name: 'full disk',
  answer: 'MISCONF ',
  options: { hasFrailDisk: true },
  begin: fillDisk,
  end: freeDisk,
};

/** A Redis that answers and takes no writes. */
export const refusingFaults: readonly RedisFault[] = [demoted, fullMemory, fullDisk].map(fault);
