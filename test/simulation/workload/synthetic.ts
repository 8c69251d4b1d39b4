import { type Random, seededRandom, zipfSampler } from '@shunt/workload';
import type { WorkerSpec } from '../engine/model.js';
import { type ArrivalShape, arrivalTimes, batchSizes, withRamp } from './arrivals.js';
import { lognormal, type ServiceShape, serviceSampler } from './distributions.js';
import { unavoidableMisses } from './misses.js';
import { capacityOf, roomOf, serviceMs, type Workload } from './workload.js';

/** A workload of independent agents. */
export interface SyntheticShape {
  readonly tasks: number;
  readonly agents: number;
  /** Exponent of the popularity of agents. */
  readonly zipf: number;
  /** Slots that the most popular agent may keep busy: a serial agent has no stable queue beyond 1. */
  readonly hotSlots: number;
  /** Busy share of the capacity at the start, the cold starts that nobody can avoid counted. */
  readonly load: number;
  /** Extra cost of a cold start, in mean service times. */
  readonly coldCost: number;
  readonly service: ServiceShape;
  readonly arrivals: ArrivalShape;
  /** Fresh agents in place of old ones, per 1,000 tasks. */
  readonly drift?: number;
  /** Coefficient of variation of the agents' own mean service times, and of their cold costs. */
  readonly agentCv?: number;
  readonly coldCv?: number;
  /** Whether the first fifth arrives at half the rate. Defaults to true. */
  readonly hasRamp?: boolean;
}

/** Draws a workload whose load a fleet of workers bears. The same seed gives the same workload. */
export function synthetic(shape: SyntheticShape, workers: readonly WorkerSpec[], seed: number): Workload {
  const [times, picks, costs, others] = [1, 2, 3, 4].map((stream) => seededRandom(seed * 7919 + stream)) as [
    Random,
    Random,
    Random,
    Random,
  ];
  const capacity = capacityOf(workers);
  const sizes = batchSizes(shape.arrivals, shape.tasks, times);
  const { agents, count } = agentsOf(shape, sizes, capacity, picks, others);
  const misses = unavoidableMisses(agents, roomOf(workers));
  const ratePerMs = (shape.load * capacity) / (serviceMs * (1 + misses * shape.coldCost));
  const batchTimes = arrivalTimes(shape.arrivals, sizes.length, (ratePerMs * sizes.length) / shape.tasks, times);
  const taskTimes = sizes.flatMap((size, n) => new Array<number>(size).fill(batchTimes[n] as number));
  const atMs = shape.hasRamp === false ? taskTimes : withRamp(taskTimes);
  const work = serviceSampler(shape.service, serviceMs, costs);
  const factors = (cv = 0) => Float64Array.from({ length: count }, () => (cv === 0 ? 1 : lognormal(cv, others)));
  const [slowness, coldness] = [factors(shape.agentCv), factors(shape.coldCv)];
  const tasks = agents.map((agent, n) => ({
    atMs: atMs[n] as number,
    agent,
    workMs: work() * (slowness[agent] as number),
    coldMs: shape.coldCost * serviceMs * (coldness[agent] as number),
    hasNextTurn: false,
  }));
  return { tasks, agents: count, meanServiceMs: serviceMs };
}

/** The agent of each task, one for each batch; with drift, places of agents are handed to fresh ones on the way. */
function agentsOf(
  { agents, zipf, hotSlots, load, drift = 0 }: SyntheticShape,
  sizes: readonly number[],
  capacity: number,
  picks: Random,
  others: Random,
): { agents: number[]; count: number } {
  const capShare = Math.min(1, Math.max(1 / agents, hotSlots / (load * capacity)));
  const draw = zipfSampler({ agents, exponent: zipf, capShare }, picks);
  const holders = Array.from({ length: agents }, (_, n) => n);
  const every = drift > 0 ? Math.round(1000 / drift) : Number.POSITIVE_INFINITY;
  let count = agents;
  let drawn = 0;
  const chosen = sizes.flatMap((size) => {
    const place = draw();
    return Array.from({ length: size }, () => {
      if (drawn++ % every === 0 && drift > 0) holders[Math.floor(others() * agents)] = count++;
      return holders[place] as number;
    });
  });
  return { agents: chosen, count };
}
