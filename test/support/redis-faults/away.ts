import { untilStopped } from '../chaos/evidence.js';
import { MortalRedis } from '../mortal-redis.js';
import type { BreakableRedis, RedisFault } from './fault.js';

function fault(name: string, isShort: boolean, breaking: (redis: MortalRedis) => Omit<BreakableRedis, 'url' | 'end'>) {
  const start = async () => {
    const redis = new MortalRedis();
    await redis.up();
    return { url: redis.url, ...breaking(redis), end: () => redis.end() };
  };
  return { name, isShort, start };
}

const killed = (redis: MortalRedis) => ({ strike: () => redis.crash(), mend: () => redis.up() });

const hung = (redis: MortalRedis) => ({
  strike: async () => {
    redis.running.kill('SIGSTOP');
    await untilStopped(redis.running.pid ?? 0);
  },
  mend: async () => redis.running.kill('SIGCONT'),
});

/** A Redis that is gone, or answers nothing. */
export const awayFaults: readonly RedisFault[] = [
  fault('killed, back at once', true, killed),
  fault('killed', false, killed),
  fault('hanging', false, hung),
];
