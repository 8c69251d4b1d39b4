import { poissonArrivals, seededRandom } from '@shunt/workload';
import type { TaskSpec } from '../../../test/simulation/engine/model.js';
import { Simulation } from '../../../test/simulation/engine/simulation.js';
import { defaultPolicy, ideal, policies } from '../../../test/simulation/policies/catalogue.js';
import type { PolicyEntry } from '../../../test/simulation/policies/entry.js';
import { mean, quantile } from '../stats.js';
import type { Finding } from '../trials/finding.js';
import type { Trial } from '../trials/trial.js';
import { agentsAt, warmCold } from '../warm-cold-setting.js';
import { comparedAt } from './capacity.js';
import { sustainedRate } from './sustained-rate.js';

const { costs, slots, workers } = warmCold;
/** At which rate states fill, for how long, and then how long until it is measured and for how long, in s. */
const fill = { ratePerSecond: 400, seconds: 15 };
const settleSeconds = 4;
const spanSeconds = 10;
/** For how many spans waits are compared. */
const comparedSpans = 6;
const overload = 3000;
const overloadSeconds = 20;

const hash = policies.find(({ name }) => name === 'hash') as PolicyEntry;
const sharedQueue = policies.find(({ name }) => name === 'shared-queue') as PolicyEntry;
const chosen: readonly PolicyEntry[] = [ideal, defaultPolicy, sharedQueue, hash];

/** What one round found. */
interface Found {
  readonly rates: ReadonlyMap<PolicyEntry, number>;
  readonly ended: ReadonlyMap<PolicyEntry, number>;
  /** p99 waits at the share of the hash's rate at which the real ones are compared, in ms. */
  readonly waits: ReadonlyMap<PolicyEntry, number>;
}

/** What the simulator says of the rates that a pool sustains, of waits below that, and of an overload. */
export const simulatedCapacity: Trial = {
  name: 'simulated-capacity',
  about: `the search of capacity in the simulator; p99 waits of ${comparedSpans * spanSeconds} s at ${comparedAt} of what the hash sustains; then tasks that ended per second in the last half of ${overloadSeconds} s at ${overload}/s. ideal: one queue, oldest first, warm wherever the room of all workers together would hold the state`,
  isAlone: true,
  async run(run) {
    const found: Found[] = [];
    for (let round = 1; round <= run.rounds; round++) {
      found.push(await look(round));
      run.onRound();
    }
    const told = (what: string, unit: Finding['unit'], of: (one: Found) => number): Finding => {
      return { what, unit, values: found.map(of), judged: 'median', bar: null };
    };
    const where = `at ${comparedAt} of the hash, simulated`;
    const waitOf = (policy: PolicyEntry) => (one: Found) => one.waits.get(policy) ?? Number.NaN;
    return [
      ...chosen.flatMap((policy) => [
        told(`sustained, simulated, ${policy.name}`, '1/s', ({ rates }) => rates.get(policy) ?? Number.NaN),
        told(
          `ended at ${overload}/s, simulated, ${policy.name}`,
          '1/s',
          ({ ended }) => ended.get(policy) ?? Number.NaN,
        ),
      ]),
      ...[hash, defaultPolicy].map((policy) => told(`p99 wait ${where}, ${policy.name}`, 'ms', waitOf(policy))),
      told(`p99 wait ${where}, shunt over hash`, '', (one) => waitOf(defaultPolicy)(one) / waitOf(hash)(one)),
    ];
  },
};

async function look(seed: number): Promise<Found> {
  const rates = new Map<PolicyEntry, number>();
  for (const policy of chosen) rates.set(policy, await rateOf(policy, seed));
  const ended = new Map(chosen.map((policy) => [policy, endedOf(policy, seed)]));
  const rate = comparedAt * (rates.get(hash) ?? Number.NaN);
  const waits = new Map([hash, defaultPolicy].map((policy) => [policy, quantile(waitsOf(policy, rate, seed), 0.99)]));
  return { rates, ended, waits };
}

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
  return served(policy, ratePerSecond, spans, seed).map((waits) => quantile(waits, 0.99));
}

/** All waits of the spans that are compared, in ms. */
function waitsOf(policy: PolicyEntry, ratePerSecond: number, seed: number): number[] {
  return served(policy, ratePerSecond, comparedSpans, seed).flat();
}

/** The waits of each span, in ms. */
function served(policy: PolicyEntry, ratePerSecond: number, spans: number, seed: number): number[][] {
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
    return of.map((task) => task.startMs - task.arriveMs);
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
