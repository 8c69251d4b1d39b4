import { seededRandom } from '@shunt/workload';
import type { TaskSpec, WorkerSpec } from '../../../test/simulation/engine/model.js';
import { Simulation } from '../../../test/simulation/engine/simulation.js';
import { quantile as simulatedQuantile } from '../../../test/simulation/measure.js';
import { defaultPolicy } from '../../../test/simulation/policies/catalogue.js';
import type { Record } from '../fleet.js';
import { waitMs } from '../scenarios/latency.js';
import { mean, median, quantile } from '../stats.js';
import type { Finding } from '../trials/finding.js';

/** Costs of one task, as the simulator is told them. */
export type Costs = Pick<TaskSpec, 'workMs' | 'coldMs'>;

/** What a real pool ran, and what the simulator is told of it. */
export interface RealRun {
  readonly records: readonly Record[];
  readonly workers: readonly WorkerSpec[];
  readonly seed: number;
  readonly meanServiceMs: number;
  /** Costs of the n-th task that was enqueued. */
  readonly costsOf: (n: number) => Costs;
}

/** One round of both. */
export interface Compared {
  readonly realP99: number;
  readonly simulatedP99: number;
  /** p99 wait of the simulator once it is given the passage that was measured, in ms. */
  readonly passedP99: number;
  readonly passage: Passage;
  readonly realWarm: number;
  readonly simulatedWarm: number;
}

/** What Redis, the network and the processes take of a task's time, in ms; nothing in the simulator. */
interface Passage {
  /** Median time from the call of enqueue to the start of a task that waits for no other of its agent. */
  readonly arrivalMs: number;
  /** Median time from the end of an agent's task to the start of its next one, where that waits. */
  readonly handOverMs: number;
}

/** Gives the simulator the tasks of a real run when that was given them; the first third of both is left out. */
export function besideSimulator(run: RealRun): Compared {
  const passage = passageOf(run.records);
  const arrived = [...run.records].sort((a, b) => a[1] - b[1]);
  const first = Math.floor(arrived.length / 3);
  const told = simulate(run, arrived, 0).slice(first);
  const passed = simulate(run, arrived, passage.handOverMs).slice(first);
  const real = arrived.slice(first);
  return {
    realP99: quantile(real.map(waitMs), 0.99),
    simulatedP99: p99Wait(told),
    passedP99: p99Wait(passed) + passage.arrivalMs,
    passage,
    realWarm: 100 * mean(real.map(([, , , , isWarm]) => isWarm)),
    simulatedWarm: 100 * mean(told.map(({ isWarm }) => (isWarm ? 1 : 0))),
  };
}

function passageOf(records: readonly Record[]): Passage {
  const arrivals: number[] = [];
  const handOvers: number[] = [];
  const endedUs = new Map<string, number>();
  for (const record of [...records].sort((a, b) => a[2] - b[2])) {
    const [agent, enqueuedUs, startedUs, ended] = record;
    const before = endedUs.get(agent) ?? 0;
    if (before > enqueuedUs) handOvers.push((startedUs - before) / 1000);
    else arrivals.push(waitMs(record));
    endedUs.set(agent, ended);
  }
  return { arrivalMs: median(arrivals), handOverMs: median(handOvers) };
}

/** The tasks of a run, in the order of their arrival, each taking so much longer than its costs. */
function simulate(run: RealRun, arrived: readonly Record[], handOverMs: number): Simulation['tasks'] {
  const { workers, seed, meanServiceMs, costsOf } = run;
  const startUs = arrived[0]?.[1] ?? 0;
  const ids = new Map<string, number>();
  const idOf = (agent: string) => {
    const id = ids.get(agent) ?? ids.size;
    ids.set(agent, id);
    return id;
  };
  const tasks = arrived.map(([agent, enqueuedUs], n) => {
    const { workMs, coldMs } = costsOf(n);
    const atMs = (enqueuedUs - startUs) / 1000;
    return { workMs: workMs + handOverMs, coldMs, atMs, agent: idOf(agent), hasNextTurn: false };
  });
  const random = seededRandom(seed);
  const sim = new Simulation({ tasks, agents: ids.size, meanServiceMs, policy: defaultPolicy.make(), random, workers });
  sim.run();
  return sim.tasks;
}

function p99Wait(tasks: Simulation['tasks']): number {
  return simulatedQuantile(
    Float64Array.from(tasks, ({ startMs, arriveMs }) => startMs - arriveMs),
    0.99,
  );
}

/** What all rounds found, and the bars of it. `where` names the load. */
export function comparison(where: string, found: readonly Compared[]): Finding[] {
  const told = (what: string, unit: Finding['unit'], of: (one: Compared) => number): Finding => {
    return { what: `${what} ${where}`, unit, values: found.map(of), judged: 'median', bar: null };
  };
  return [
    told('p99 wait', 'ms', ({ realP99 }) => realP99),
    told('p99 wait, simulated', 'ms', ({ simulatedP99 }) => simulatedP99),
    {
      ...told('p99 wait, off the simulated', '%', (one) => 100 * Math.abs(one.realP99 / one.simulatedP99 - 1)),
      bar: 25,
    },
    told('arrival of a task that waits for no other of its agent', 'ms', ({ passage }) => passage.arrivalMs),
    told("hand-over from an agent's task to its next", 'ms', ({ passage }) => passage.handOverMs),
    told('p99 wait, simulated with those two', 'ms', ({ passedP99 }) => passedP99),
    told('p99 wait, off that', '%', (one) => 100 * Math.abs(one.realP99 / one.passedP99 - 1)),
    told('warm share', '%', ({ realWarm }) => realWarm),
    told('warm share, simulated', '%', ({ simulatedWarm }) => simulatedWarm),
    { ...told('warm share, off the simulated', '%', (one) => Math.abs(one.realWarm - one.simulatedWarm)), bar: 2 },
  ];
}
