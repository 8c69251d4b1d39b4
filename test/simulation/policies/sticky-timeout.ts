import type { PullChoice } from '@shunt/balancing';
import type { Agent, Worker } from '../engine/model.js';
import type { Policy, Warmth } from '../engine/policy.js';
import type { Simulation } from '../engine/simulation.js';
import { loadOf } from './thresholds.js';

/**
 * A queue for each worker whose tasks go to whoever asks, busy or idle, once they have waited there for so long; agents without a home wait
 * in a shared one. Source: sticky execution of Temporal, whose schedule-to-start timeout is 5 s.
 */
export class StickyTimeout implements Policy {
  readonly staysBound = false;
  readonly hasBreakers = false;
  readonly takes = 'first';

  constructor(
    readonly warmth: Warmth,
    private readonly timeoutMs: number,
  ) {}

  route({ home }: Agent): Worker | null {
    return home?.isUp ? home : null;
  }

  stealableAtMs(_agent: Agent, readyMs: number): number {
    return readyMs + this.timeoutMs;
  }

  taker(_agent: Agent, free: readonly Worker[]): Worker {
    return free.reduce((least, worker) => (loadOf(worker) < loadOf(least) ? worker : least));
  }

  choose(worker: Worker, { yard, stealable, nowMs }: Simulation): PullChoice {
    const lane = worker.lane.first()?.score ?? Number.POSITIVE_INFINITY;
    const shared = yard.first()?.score ?? Number.POSITIVE_INFINITY;
    const late = stealable.first();
    const isLate = late !== undefined && late.score <= nowMs && late.value.bound !== worker;
    if (isLate && (late.value.queued?.score ?? 0) < Math.min(lane, shared)) return 'free-move';
    if (lane === shared) return lane === Number.POSITIVE_INFINITY ? 'none' : 'lane';
    return lane < shared ? 'lane' : 'yard';
  }
}
