import { type Scenario, scenarios } from '../../../test/simulation/scenarios.js';
import { traced } from '../../../test/simulation/workload/traced.js';
import { loadTraces } from '../../../test/simulation/workload/traces.js';
import type { Workload } from '../../../test/simulation/workload/workload.js';
import { nowUs } from '../clock.js';
import { BenchFleet, type Record } from '../fleet.js';
import { atTimes } from '../scenarios/latency.js';
import { mean } from '../stats.js';
import { systems } from '../systems/index.js';
import { padding, type TaskCosts } from '../systems/system.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { besideSimulator, type Compared, comparison } from './beside-simulator.js';

/** The scenario of the simulator, how many times as fast it is replayed, and for how many seconds. */
const scenario = scenarios.find(({ name }) => name === 'tr-mooncake') as Scenario;
const faster = 4;
/** Below that of the scenario, as nine tasks of ten are the first of their agents in so short a time, and so cold. */
const load = 0.7;
const seconds = 150;
const folder = new URL('../../../../traces/', import.meta.url);

/** The real pool beside the simulator, both given the start of a trace at the times and costs that it has. */
export const simulatedTrace: Trial = {
  name: 'simulated-trace',
  about: `the first ${seconds} s of ${scenario.name} of npm run simulate (${scenario.about}) at load ${load}, ${faster} times as fast, the simulator given the costs of each task and the mean time by which workers overran them; the first third left out`,
  isAlone: true,
  async run(run) {
    const found: Compared[] = [];
    const findingsOf = () => comparison(`of ${scenario.name}`, found);
    for (let round = 1; round <= run.rounds; round++) {
      found.push(await replay(run, round));
      run.onRound(findingsOf());
    }
    return findingsOf();
  },
};

async function replay({ redis, redisUrl, size, slower }: TrialRun, seed: number): Promise<Compared> {
  await redis.flushall();
  const { workers } = scenario;
  const { slots, maxAgents: room } = workers[0] as Scenario['workers'][number];
  const pace = slower / faster;
  const { tasks, meanServiceMs } = await workload(seed);
  const replayed = tasks.filter(({ atMs }) => atMs < (1000 * seconds * size * slower) / pace);
  const costs = replayed.map(({ workMs, coldMs }): TaskCosts => {
    return { warmMs: pace * workMs, coldMs: pace * (workMs + coldMs) };
  });
  const costOf = (n: number) => costs[n] as TaskCosts;

  const warmCold = { warmMs: 0, coldMs: 0, room };
  const options = { system: 'shunt', redisUrl, workers: workers.length, slots, records: true, warmCold } as const;
  const fleet = await BenchFleet.start(options);
  const producer = systems.shunt.producer(redisUrl, workers.length);
  const sent = await atTimes(
    replayed.map(({ atMs }) => pace * atMs),
    (n) => producer.enqueue({ agent: `a${replayed[n]?.agent}`, t: nowUs(), pad: padding, costs: costOf(n) }),
  );
  await fleet.untilRan(sent);
  const records = await fleet.records();
  await producer.close();
  await fleet.stop();

  const overrunMs = meanOverrun(records, costOf);
  const costsOf = (n: number) => {
    const { warmMs, coldMs } = costOf(n);
    return { workMs: warmMs + overrunMs, coldMs: coldMs - warmMs };
  };
  return besideSimulator({ records, workers, seed, meanServiceMs: pace * meanServiceMs + overrunMs, costsOf });
}

async function workload(seed: number): Promise<Workload> {
  const { kind, shape } = scenario.workload;
  if (kind !== 'trace') throw new Error(`${scenario.name} replays no trace`);
  return traced(await loadTraces(folder), { ...shape, load }, scenario.workers, seed);
}

/** By how much tasks took longer than they cost, in ms: timers. */
function meanOverrun(records: readonly Record[], costOf: (n: number) => TaskCosts): number {
  const arrived = [...records].sort((a, b) => a[1] - b[1]);
  return mean(
    arrived.map(([, , startedUs, endedUs, isWarm], n) => {
      const { warmMs, coldMs } = costOf(n);
      return (endedUs - startedUs) / 1000 - (isWarm === 1 ? warmMs : coldMs);
    }),
  );
}
