import { nowUs } from '../clock.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { FaultPool, until } from './pool.js';
import { testProfile } from './profile.js';

const slots = 8;
const runMs = 200;
const [few, many] = [4, 8];
const idOf = (n: number) => `w${n + 1}`;

/** A pool with a backlog gets twice as many workers. */
export const scaledOut: Trial = {
  name: 'scaled-out',
  about: `${few} workers x ${slots} slots with a backlog of 2,000 agents x 5 tasks of ${runMs} ms become ${many}; from when the last one may receive until every slot of all ${many} is taken`,
  isAlone: true,
  async run(run) {
    const seconds: number[] = [];
    for (let round = 1; round <= run.rounds; round++) {
      seconds.push(await scaleOut(run, round));
      run.onRound();
    }
    return [{ what: 'until all of twice the workers are busy', unit: 's', values: seconds, judged: 'max', bar: 2 }];
  },
};

async function scaleOut(run: TrialRun, round: number): Promise<number> {
  const pool = new FaultPool(run, `scaled-${round}`, testProfile);
  const start = (from: number, to: number) =>
    Promise.all(Array.from({ length: to - from }, (_, n) => pool.worker(idOf(from + n), slots, 'pass')));
  await pool.dispatcher('d1');
  await start(0, few);
  const agents = Math.round(2000 * run.size);
  for (let n = 0; n < 5; n++) {
    await Promise.all(Array.from({ length: agents }, (_, agent) => pool.enqueue(`a${agent}`, {}, runMs)));
  }
  await pool.crew.untilStarted(agents / 5);
  await start(few, many);
  const sinceUs = nowUs();
  await until(async () => {
    const taken = Array.from({ length: many }, (_, n) => pool.redis.hlen(pool.keys.lane(idOf(n), 'slots')));
    return (await Promise.all(taken)).every((count) => count === slots);
  });
  const seconds = (nowUs() - sinceUs) / 1e6;
  await pool.end();
  return seconds;
}
