import { nowUs } from '../clock.js';
import type { Trial } from '../trials/trial.js';
import { FaultPool, until } from './pool.js';
import { defaultProfile, type Profile, testProfile } from './profile.js';

function failover(name: string, who: string, profile: Profile, bar: number): Trial {
  return {
    name,
    about: `the leading of two dispatchers killed (SIGKILL); ${who}: lease ${profile.leaseMs / 1000} s`,
    isAlone: false,
    async run(run) {
      const pool = new FaultPool(run, name, profile);
      const leader = async () => (await pool.redis.hget(pool.keys.of('leader'), 'id')) ?? '';
      await pool.dispatcher('d0');
      const values: number[] = [];
      for (let round = 1; round <= run.rounds; round++) {
        await pool.dispatcher(`d${round}`);
        await until(async () => (await leader()) !== '');
        const leading = await leader();
        const killedUs = pool.crew.signal(leading, 'SIGKILL');
        await until(async () => ![leading, ''].includes(await leader()));
        values.push((nowUs() - killedUs) / 1e6);
        run.onRound();
      }
      await pool.end();
      return [{ what: `leader killed to the next one leading, ${who}`, unit: 's', values, judged: 'max', bar }];
    },
  };
}

/** Failover where it is fast. */
export const failoverInTestProfile = failover('failover-test', 'test profile', testProfile, 3);

/** Failover with default settings. */
export const failoverByDefault = failover('failover-default', 'default', defaultProfile, 12);
