import { seededRandom } from '@shunt/workload';
import type { WorkerSpec } from '../engine/model.js';
import { unavoidableMisses } from './misses.js';
import type { TraceName, Traces } from './traces.js';
import { capacityOf, roomOf, type Workload } from './workload.js';

/** How a trace is made to load a fleet. */
export interface TraceShape {
  readonly trace: TraceName;
  /**
   * Copies laid over each other, of agents of their own, so that pauses within a session stay real. Each is shifted by chance
   * within its own share of the trace: free shifts make hours that differ more from seed to seed.
   */
  readonly copies: number;
  readonly load: number;
  readonly coldCost: number;
}

/** Overlays copies of a trace and scales all costs by one factor, so that the load is met. */
export function traced(
  traces: Traces,
  { trace: name, copies, load, coldCost }: TraceShape,
  workers: readonly WorkerSpec[],
  seed: number,
): Workload {
  const trace = traces[name];
  if (trace === undefined) throw new Error(`the trace ${name} is not loaded`);
  const random = seededRandom(seed * 7919 + 6);
  const lengthMs = (trace.at(-1)?.tMs ?? 0) + 1;
  const ids = new Map<string, number>();
  const rows = Array.from({ length: copies }, (_, copy) => ({ copy, shiftMs: ((copy + random()) / copies) * lengthMs }))
    .flatMap(({ copy, shiftMs }) =>
      trace.map(({ tMs, agent, costMs }) => ({ atMs: (tMs + shiftMs) % lengthMs, agent: `${copy}/${agent}`, costMs })),
    )
    .sort((a, b) => a.atMs - b.atMs);
  const agents = rows.map(({ agent }) => {
    const id = ids.get(agent) ?? ids.size;
    ids.set(agent, id);
    return id;
  });
  const meanCostMs = rows.reduce((sum, { costMs }) => sum + costMs, 0) / rows.length;
  const misses = unavoidableMisses(agents, roomOf(workers));
  const meanServiceMs = (load * capacityOf(workers) * lengthMs) / (rows.length * (1 + misses * coldCost));
  const tasks = rows.map(({ atMs, costMs }, n) => ({
    atMs,
    agent: agents[n] as number,
    workMs: (costMs * meanServiceMs) / meanCostMs,
    coldMs: coldCost * meanServiceMs,
    hasNextTurn: false,
  }));
  return { tasks, agents: ids.size, meanServiceMs };
}
