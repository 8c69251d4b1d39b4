import type { Random } from '@shunt/workload';

/** How long warm tasks take: all have the mean they are asked for. */
export type ServiceShape =
  | { readonly kind: 'exponential' }
  | { readonly kind: 'lognormal'; readonly cv: number }
  /** Bounded Pareto, the longest 10,000 times the shortest. */
  | { readonly kind: 'pareto'; readonly alpha: number };

/** A number with an exponential distribution. */
export function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random());
}

/** A whole number from 1 with a geometric distribution. */
export function geometric(mean: number, random: Random): number {
  return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / mean));
}

/** A number with mean 1 and a coefficient of variation (Box-Muller). */
export function lognormal(cv: number, random: Random): number {
  const variance = Math.log(1 + cv * cv);
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(Math.sqrt(variance) * normal - variance / 2);
}

/** Draws service times of a mean. */
export function serviceSampler(shape: ServiceShape, meanMs: number, random: Random): () => number {
  if (shape.kind === 'exponential') return () => exponential(meanMs, random);
  if (shape.kind === 'lognormal') return () => meanMs * lognormal(shape.cv, random);
  const { alpha } = shape;
  const longest = 10_000;
  const cut = 1 - longest ** -alpha;
  const leastMs = (meanMs * cut * (alpha - 1)) / (alpha * (1 - longest ** (1 - alpha)));
  return () => leastMs * (1 - random() * cut) ** (-1 / alpha);
}
