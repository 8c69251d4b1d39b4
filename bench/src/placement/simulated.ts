import type { Record } from '../fleet.js';
import { mean } from '../stats.js';
import type { Trial } from '../trials/trial.js';
import { warmCold, warmColdInWords } from '../warm-cold-setting.js';
import { besideSimulator, type Compared, comparison } from './beside-simulator.js';
import { WarmColdLoad } from './warm-cold-load.js';

/** Tasks per second that both are given, and for how many seconds. */
const rates = [600, 900];
const seconds = 45;
const workers = Array.from({ length: warmCold.workers }, () => ({
  slots: warmCold.slots,
  maxAgents: warmCold.costs.room,
}));

/** The real pool beside the simulator, given the tasks that it was given when it was given them. */
export const simulated: Trial = {
  name: 'simulated',
  about: `${warmColdInWords}; ${seconds} s of Poisson arrivals, their times and agents then given to the simulator, with the mean service times that were measured; the first third left out`,
  isAlone: true,
  async run(run) {
    const found = new Map<number, Compared[]>(rates.map((rate) => [rate, []]));
    const findingsOf = () => [...found].flatMap(([rate, each]) => comparison(`at ${rate}/s`, each));
    for (let round = 1; round <= run.rounds; round++) {
      for (const ratePerSecond of rates) {
        await run.redis.flushall();
        const { redisUrl, size, slower } = run;
        const load = await WarmColdLoad.startEmpty('shunt', { redisUrl, slower, seed: round });
        const spell = { ratePerSecond: ratePerSecond / slower, settleSeconds: 0, spans: 1 };
        const { records } = await load.serve({ ...spell, spanSeconds: seconds * size * slower });
        await load.stop();
        const costs = meanCosts(records);
        found
          .get(ratePerSecond)
          ?.push(besideSimulator({ records, workers, seed: round, meanServiceMs: costs.workMs, costsOf: () => costs }));
      }
      run.onRound(findingsOf());
    }
    return findingsOf();
  },
};

function meanCosts(records: readonly Record[]) {
  const meanMs = (isWarm: 0 | 1) =>
    mean(
      records.filter((record) => record[4] === isWarm).map(([, , startedUs, endedUs]) => (endedUs - startedUs) / 1000),
    );
  const workMs = meanMs(1);
  return { workMs, coldMs: meanMs(0) - workMs };
}
