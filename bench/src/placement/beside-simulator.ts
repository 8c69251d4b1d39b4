import { seededRandom } from '@shunt/workload';
import type { TaskSpec, WorkerSpec } from '../../../test/simulation/engine/model.js';
import { Simulation } from '../../../test/simulation/engine/simulation.js';
import { quantile as simulatedQuantile } from '../../../test/simulation/measure.js';
import { defaultPolicy } from '../../../test/simulation/policies/catalogue.js';
import type { Record } from '../fleet.js';
import { waitMs } from '../scenarios/latency.js';
import { mean, quantile } from '../stats.js';
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
  readonly realWarm: number;
  readonly simulatedWarm: number;
}

/** Gives the simulator the tasks of a real run when that was given them; the first third of both is left out. */
export function besideSimulator({ records, workers, seed, meanServiceMs, costsOf }: RealRun): Compared {
  const arrived = [...records].sort((a, b) => a[1] - b[1]);
  const startUs = arrived[0]?.[1] ?? 0;
  const ids = new Map<string, number>();
  const idOf = (agent: string) => {
    const id = ids.get(agent) ?? ids.size;
    ids.set(agent, id);
    return id;
  };
  const tasks = arrived.map(([agent, enqueuedUs], n) => {
    return { ...costsOf(n), atMs: (enqueuedUs - startUs) / 1000, agent: idOf(agent), hasNextTurn: false };
  });
  const random = seededRandom(seed);
  const sim = new Simulation({ tasks, agents: ids.size, meanServiceMs, policy: defaultPolicy.make(), random, workers });
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
    told('warm share', '%', ({ realWarm }) => realWarm),
    told('warm share, simulated', '%', ({ simulatedWarm }) => simulatedWarm),
    { ...told('warm share, off the simulated', '%', (one) => Math.abs(one.realWarm - one.simulatedWarm)), bar: 2 },
  ];
}
