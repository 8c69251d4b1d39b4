import { poissonArrivals, type Random } from '@shunt/workload';
import { exponential, geometric } from './distributions.js';

/** How tasks arrive. Times are in mean gaps between two tasks until they are given a rate. */
export type ArrivalShape =
  | { readonly kind: 'poisson' }
  /** Several tasks of one agent at once. */
  | { readonly kind: 'batch'; readonly meanTasks: number }
  /** Bursts of `factor` times the mean rate, `share` of the time, `meanMs` long on average. */
  | { readonly kind: 'bursts'; readonly factor: number; readonly share: number; readonly meanMs: number };

/** Sizes of the batches that make up `count` tasks. */
export function batchSizes(shape: ArrivalShape, count: number, random: Random): number[] {
  const mean = shape.kind === 'batch' ? shape.meanTasks : 1;
  const sizes: number[] = [];
  for (let left = count; left > 0; left -= sizes.at(-1) as number) sizes.push(Math.min(left, geometric(mean, random)));
  return sizes;
}

/** Times in ms of `count` arrivals at a mean rate; for batches, of the batches. */
export function arrivalTimes(shape: ArrivalShape, count: number, ratePerMs: number, random: Random): number[] {
  const times = [...poissonArrivals({ ratePerSecond: ratePerMs * 1000, count }, random)];
  return shape.kind === 'bursts' ? inBursts(times, shape, random) : times;
}

/** Every task of the first fifth takes twice its time to come, so that states fill without a backlog. */
export function withRamp(times: readonly number[]): number[] {
  const rampMs = times[Math.floor(times.length / 5)] ?? 0;
  return times.map((ms) => ms + Math.min(ms, rampMs));
}

/** Maps even time to time in which quiet and bursts alternate, the mean rate kept. */
function inBursts(
  times: readonly number[],
  { factor, share, meanMs }: ArrivalShape & { kind: 'bursts' },
  random: Random,
): number[] {
  const quietRate = (1 - share * factor) / (1 - share);
  let isBurst = true;
  let even = 0;
  let evenEnd = 0;
  let wall = 0;
  let wallEnd = 0;
  return times.map((ms) => {
    while (ms >= evenEnd) {
      isBurst = !isBurst;
      even = evenEnd;
      wall = wallEnd;
      const lengthMs = exponential(isBurst ? meanMs : (meanMs * (1 - share)) / share, random);
      wallEnd += lengthMs;
      evenEnd += lengthMs * (isBurst ? factor : quietRate);
    }
    return wall + (ms - even) / (isBurst ? factor : quietRate);
  });
}
