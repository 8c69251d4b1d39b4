import { type Random, seededRandom } from '@shunt/workload';
import type { Nemesis } from './nemesis.js';

/** What a schedule of strikes is made for. */
export interface PlanOptions {
  readonly seed: number;
  readonly nemeses: readonly Nemesis[];
  /** How long faults are injected, in ms. A schedule of 0 ms has each nemesis once. */
  readonly durationMs: number;
  /** Least and greatest time between two strikes, in ms. */
  readonly gapMs: readonly [number, number];
  readonly leaseMs: number;
  readonly workers: readonly string[];
  readonly dispatchers: readonly string[];
}

/** One strike of a schedule. */
export interface Strike {
  readonly atMs: number;
  readonly nemesis: Nemesis;
  /** A worker, `workers`, `dispatchers`, `redis`, or whose line it is. */
  readonly victim: string;
  /** Everybody who is out of order meanwhile. */
  readonly struck: readonly string[];
}

/**
 * Draws up the strikes of a run: the same for the same options. Each nemesis comes about as often as any other, a long one once, in a random order;
 * a victim is left alone until it had time to mend, and at most half of the workers are struck at a time, unless all are at
 * once. A nemesis whose victims are all busy waits for its turn.
 */
export function plan(options: PlanOptions): Strike[] {
  const { seed, nemeses, durationMs, gapMs, leaseMs } = options;
  const random = seededRandom(seed);
  const strikes: Strike[] = [];
  const busyUntilMs = new Map<string, number>();
  let deck: Nemesis[] = shuffled(nemeses, random);
  const frequent = nemeses.filter(({ isLong }) => !isLong);
  const isOver = (atMs: number) => (durationMs === 0 ? deck.length === 0 : atMs >= durationMs);
  for (let atMs = gapMs[0]; !isOver(atMs); atMs += gapMs[0] + Math.floor(random() * (gapMs[1] - gapMs[0]))) {
    if (deck.length === 0) deck = shuffled(frequent, random);
    const free = (victim: string) => (busyUntilMs.get(victim) ?? 0) <= atMs;
    const canStrike = (nemesis: Nemesis) => victimsOf(nemesis, options, free).length > 0;
    if (durationMs > 0 && deck.length < nemeses.length && !deck.some(canStrike))
      deck.push(...shuffled(frequent, random));
    const next = deck.findIndex(canStrike);
    const [nemesis] = next < 0 ? [] : deck.splice(next, 1);
    if (nemesis === undefined) continue;
    const victims = victimsOf(nemesis, options, free);
    const victim = victims[Math.floor(random() * victims.length)] ?? '';
    const struck = struckBy(nemesis, victim, options);
    for (const each of struck) busyUntilMs.set(each, atMs + nemesis.leases * leaseMs);
    strikes.push({ atMs, nemesis, victim, struck });
  }
  return strikes;
}

/** Everybody who is out of order by a strike: while dispatchers are away for long, nothing can be seen of their network. */
function struckBy({ isLong }: Nemesis, victim: string, { workers, dispatchers }: PlanOptions): readonly string[] {
  if (victim === 'workers') return workers;
  return isLong && victim === 'dispatchers' ? [victim, ...dispatchers] : [victim];
}

/** Whom a nemesis may strike now. */
function victimsOf(nemesis: Nemesis, options: PlanOptions, isFree: (victim: string) => boolean): string[] {
  const { workers, dispatchers } = options;
  const { target } = nemesis;
  if (target === 'dispatchers' || target === 'redis')
    return struckBy(nemesis, target, options).every(isFree) ? [target] : [];
  const freeWorkers = workers.filter(isFree);
  if (target === 'workers') return freeWorkers.length === workers.length ? [target] : [];
  const mayStrike = 2 * (workers.length - freeWorkers.length + 1) <= workers.length;
  const others = target === 'line' ? [...dispatchers, 'producer'].filter(isFree) : [];
  return [...(mayStrike ? freeWorkers : []), ...others];
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
}
