import { poissonArrivals, seededRandom } from '@shunt/workload';
import type { TaskSpec } from '../../../test/simulation/engine/model.js';
import { Simulation } from '../../../test/simulation/engine/simulation.js';
import { defaultPolicy, ideal, policies } from '../../../test/simulation/policies/catalogue.js';
import type { PolicyEntry } from '../../../test/simulation/policies/entry.js';
import { mean, quantile } from '../stats.js';
import type { Finding } from '../trials/finding.js';
import type { Trial } from '../trials/trial.js';
import { agentsAt, warmCold } from '../warm-cold-setting.js';
import { sustainedRate } from './sustained-rate.js';

const { costs, slots, workers } = warmCold;
/** At which rate states fill, for how long, and then how long until it is measured and for how long, in s. */
const fill = { ratePerSecond: 400, seconds: 15 };
const settleSeconds = 4;
const spanSeconds = 10;
const overload = 3000;
const overloadSeconds = 20;

const compared: readonly string[] = ['hash', 'shared-queue'];
const chosen: readonly PolicyEntry[] = [
  ideal,
  defaultPolicy,
  ...policies.filter(({ name }) => compared.includes(name)),
];

/** What the simulator says of the rates that a pool sustains, and of an overload. */
export const simulatedCapacity: Trial = {
  name: 'simulated-capacity',
  about: `the search of capacity in the simulator; then tasks that ended per second in the last half of ${overloadSeconds} s at ${overload}/s. ideal: one queue, oldest first, warm wherever the room of all workers together would hold the state`,
  isAlone: true,
  async run(run) {
    const found = new Map<string, { rates: number[]; ended: number[] }>();
    for (let round = 1; round <= run.rounds; round++) {
      for (const policy of chosen) {
        const { rates, ended } = found.get(policy.name) ?? { rates: [], ended: [] };
        found.set(policy.name, {
          rates: [...rates, await rateOf(policy, round)],
          ended: [...ended, endedOf(policy, round)],
        });
      }
      run.onRound();
    }
    return [...found].flatMap(([policy, { rates, ended }]): Finding[] => [
      { what: `sustained, simulated, ${policy}`, unit: '1/s', values: rates, judged: 'median', bar: null },
      { what: `ended at ${overload}/s, simulated, ${policy}`, unit: '1/s', values: ended, judged: 'median', bar: null },
    ]);
  },
};

async function rateOf(policy: PolicyEntry, seed: number): Promise<number> {
  const isBounded = (rate: number, spans: number) =>
    spansOf(policy, rate, spans, seed).every((ms) => ms <= costs.coldMs);
  const { ratePerSecond } = await sustainedRate(600, {
    holds: async (rate) => isBounded(rate, 1),
    confirm: async (rate) => (isBounded(rate, 6) ? true : null),
  });
  return ratePerSecond;
}

/** The p99 wait of each span, in ms. */
function spansOf(policy: PolicyEntry, ratePerSecond: number, spans: number, seed: number): number[] {
  const fillMs = fill.seconds * 1000;
  const fromMs = fillMs + settleSeconds * 1000;
  const tasks = [
    ...arrivals(fill.ratePerSecond, 0, fillMs, seed),
    ...arrivals(ratePerSecond, fillMs, (settleSeconds + spans * spanSeconds) * 1000, seed + 1),
  ];
  const sim = simulate(policy, tasks, seed);
  return Array.from({ length: spans }, (_, span) => {
    const startMs = fromMs + span * spanSeconds * 1000;
    const of = sim.tasks.filter(({ arriveMs }) => arriveMs >= startMs && arriveMs < startMs + spanSeconds * 1000);
    return quantile(
      of.map((task) => task.startMs - task.arriveMs),
      0.99,
    );
  });
}

function endedOf(policy: PolicyEntry, seed: number): number {
  const sim = simulate(policy, arrivals(overload, 0, overloadSeconds * 1000, seed), seed);
  const [fromMs, toMs] = [500 * overloadSeconds, 1000 * overloadSeconds];
  return (
    (mean(sim.tasks.map(({ finishMs }) => (finishMs > fromMs && finishMs <= toMs ? 1 : 0))) * sim.tasks.length) /
    (overloadSeconds / 2)
  );
}

function arrivals(ratePerSecond: number, startMs: number, durationMs: number, seed: number): TaskSpec[] {
  const nextAgent = agentsAt(ratePerSecond, seed);
  const { warmMs, coldMs } = costs;
  return [...poissonArrivals({ ratePerSecond, durationMs }, seededRandom(seed))].map((atMs) => {
    return { atMs: startMs + atMs, agent: nextAgent(), workMs: warmMs, coldMs: coldMs - warmMs, hasNextTurn: false };
  });
}

function simulate(policy: PolicyEntry, tasks: readonly TaskSpec[], seed: number): Simulation {
  const sim = new Simulation({
    ...{
      tasks,
      agents: warmCold.agents,
      meanServiceMs: costs.warmMs,
      policy: policy.make(),
      random: seededRandom(seed),
    },
    workers: Array.from({ length: workers }, () => ({ slots, maxAgents: costs.room })),
  });
  sim.run();
  return sim;
}
