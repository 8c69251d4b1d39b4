import type { SimTask } from './engine/model.js';
import { attempts, type Simulation } from './engine/simulation.js';

/** The arrivals that are measured, ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One run in figures. Times are in mean warm service times S. */
export interface Figures {
  readonly tasks: number;
  /** From arrival to start. */
  readonly waitP50: number;
  readonly waitP99: number;
  /** From when the agent had no other task running: what the dispatcher adds. */
  readonly eligibleP99: number;
  /** From arrival to end. */
  readonly sojournP99: number;
  /** Share of warm starts. */
  readonly warm: number;
  /** Starts on another worker than the agent's last, per 1,000 tasks of the run. */
  readonly moves: number;
  /** Tasks of the run that failed for good. */
  readonly failed: number;
  /** Jain's index of the workers' utilisation, and the highest one. */
  readonly jain: number;
  readonly busiest: number;
}

/** Measures the tasks that arrived in a span. Whatever arrived has ended: a run goes on until it has. */
export function measure(sim: Simulation, { fromMs, toMs }: Span, meanServiceMs: number): Figures {
  const tasks = sim.tasks.filter(({ arriveMs }) => arriveMs >= fromMs && arriveMs <= toMs);
  const inServiceTimes = (of: (task: SimTask) => number) =>
    Float64Array.from(tasks, (task) => of(task) / meanServiceMs);
  const waits = inServiceTimes(({ startMs, arriveMs }) => startMs - arriveMs);
  return {
    tasks: tasks.length,
    waitP50: quantile(waits, 0.5),
    waitP99: quantile(waits, 0.99),
    eligibleP99: quantile(
      inServiceTimes(({ startMs, readyMs }) => startMs - readyMs),
      0.99,
    ),
    sojournP99: quantile(
      inServiceTimes(({ finishMs, arriveMs }) => finishMs - arriveMs),
      0.99,
    ),
    warm: tasks.filter(({ isWarm }) => isWarm).length / tasks.length,
    moves: (1000 * sim.moved) / sim.tasks.length,
    failed: sim.tasks.filter(({ failures }) => failures === attempts).length,
    ...evenness(sim),
  };
}

/** The least value that a share of all does not exceed. Sorts the values. */
export function quantile(values: Float64Array, share: number): number {
  values.sort();
  return values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN;
}

/**
 * Seconds after `fromMs` until the p90 wait of each second's arrivals is for five seconds in a row at most `limitMs`; null
 * when that never happens before `toMs`.
 */
export function recoverySeconds(sim: Simulation, { fromMs, toMs }: Span, limitMs: number): number | null {
  let calm = 0;
  for (const [second, waitMs] of waitsBySecond(sim, { fromMs, toMs }).entries()) {
    calm = waitMs <= limitMs ? calm + 1 : 0;
    if (calm === 5) return second - 4;
  }
  return null;
}

/** The p90 wait in ms of the arrivals of each whole second of a span. */
export function waitsBySecond(sim: Simulation, { fromMs, toMs }: Span): number[] {
  const seconds = Array.from({ length: Math.max(0, Math.floor((toMs - fromMs) / 1000)) }, () => [] as number[]);
  for (const { arriveMs, startMs } of sim.tasks)
    seconds[Math.floor((arriveMs - fromMs) / 1000)]?.push(startMs - arriveMs);
  return seconds.map((waits) => (waits.length === 0 ? 0 : quantile(Float64Array.from(waits), 0.9)));
}

function evenness(sim: Simulation): { jain: number; busiest: number } {
  const busy = sim.workers
    .filter(({ isAlive }) => isAlive)
    .map(({ busyMs, slots, joinedMs }) => busyMs / slots / (sim.nowMs - joinedMs));
  const sum = busy.reduce((total, share) => total + share, 0);
  const squares = busy.reduce((total, share) => total + share * share, 0);
  return { jain: sum ** 2 / (busy.length * squares), busiest: Math.max(...busy) };
}
