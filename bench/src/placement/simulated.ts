import { seededRandom } from '@shunt/workload';
import { Simulation } from '../../../test/simulation/engine/simulation.js';
import { quantile as simulatedQuantile } from '../../../test/simulation/measure.js';
import { defaultPolicy } from '../../../test/simulation/policies/catalogue.js';
import type { Record } from '../fleet.js';
import { waitMs } from '../scenarios/latency.js';
import { mean, quantile } from '../stats.js';
import type { Finding } from '../trials/finding.js';
import type { Trial } from '../trials/trial.js';
import { warmCold, warmColdInWords } from '../warm-cold-setting.js';
import { WarmColdLoad } from './warm-cold-load.js';

/** Tasks per second that both are given, and for how many seconds; the first third is left out. */
const rates = [600, 900];
const seconds = 45;

interface Compared {
  readonly realP99: number;
  readonly simulatedP99: number;
  readonly realWarm: number;
  readonly simulatedWarm: number;
}

/** The real pool beside the simulator, given the tasks that it was given when it was given them. */
export const simulated: Trial = {
  name: 'simulated',
  about: `${warmColdInWords}; ${seconds} s of Poisson arrivals, their times and agents then given to the simulator, with the mean service times that were measured; the first third left out`,
  isAlone: true,
  async run(run) {
    const found = new Map<number, Compared[]>(rates.map((rate) => [rate, []]));
    for (let round = 1; round <= run.rounds; round++) {
      for (const ratePerSecond of rates) {
        await run.redis.flushall();
        const { redisUrl, size, slower } = run;
        const load = await WarmColdLoad.startEmpty('shunt', { redisUrl, slower, seed: round });
        const spell = { ratePerSecond: ratePerSecond / slower, settleSeconds: 0, spans: 1 };
        const served = await load.serve({ ...spell, spanSeconds: seconds * size * slower });
        await load.stop();
        found.get(ratePerSecond)?.push(compared(served.records, round));
      }
      run.onRound();
    }
    return [...found].flatMap(([rate, each]) => findingsOf(rate, each));
  },
};

function compared(records: readonly Record[], seed: number): Compared {
  const arrived = [...records].sort((a, b) => a[1] - b[1]);
  const startUs = arrived[0]?.[1] ?? 0;
  const ids = new Map<string, number>();
  const idOf = (agent: string) => {
    const id = ids.get(agent) ?? ids.size;
    ids.set(agent, id);
    return id;
  };
  const meanMs = (isWarm: 0 | 1) =>
    mean(
      arrived.filter((record) => record[4] === isWarm).map(([, , startedUs, endedUs]) => (endedUs - startedUs) / 1000),
    );
  const [coldMs, workMs] = [meanMs(0), meanMs(1)];
  const tasks = arrived.map(([agent, enqueuedUs]) => {
    return {
      ...{ atMs: (enqueuedUs - startUs) / 1000, agent: idOf(agent), hasNextTurn: false },
      ...{ workMs, coldMs: coldMs - workMs },
    };
  });
  const sim = new Simulation({
    ...{ tasks, agents: ids.size, meanServiceMs: workMs, policy: defaultPolicy.make(), random: seededRandom(seed) },
    workers: Array.from({ length: warmCold.workers }, () => ({
      slots: warmCold.slots,
      maxAgents: warmCold.costs.room,
    })),
  });
  sim.run();
  const first = Math.floor(tasks.length / 3);
  const real = arrived.slice(first);
  const told = sim.tasks.slice(first);
  return {
    realP99: quantile(real.map(waitMs), 0.99),
    simulatedP99: simulatedQuantile(
      Float64Array.from(told, ({ startMs, arriveMs }) => startMs - arriveMs),
      0.99,
    ),
    realWarm: 100 * mean(real.map(([, , , , isWarm]) => isWarm)),
    simulatedWarm: 100 * mean(told.map(({ isWarm }) => (isWarm ? 1 : 0))),
  };
}

function findingsOf(rate: number, found: readonly Compared[]): Finding[] {
  const told = (what: string, unit: Finding['unit'], of: (one: Compared) => number): Finding => {
    return { what: `${what} at ${rate}/s`, unit, values: found.map(of), judged: 'median', bar: null };
  };
  return [
    told('p99 wait', 'ms', ({ realP99 }) => realP99),
    told('p99 wait, simulated', 'ms', ({ simulatedP99 }) => simulatedP99),
    {
      ...told('p99 wait, off the simulated', '%', (one) => 100 * Math.abs(one.realP99 / one.simulatedP99 - 1)),
      bar: 25,
    },
    told('warm share', '%', ({ realWarm }) => realWarm),
    told('warm share, simulated', '%', ({ simulatedWarm }) => simulatedWarm),
    { ...told('warm share, off the simulated', '%', (one) => Math.abs(one.realWarm - one.simulatedWarm)), bar: 2 },
  ];
}
