import { isStraggler, leastTasks, noPace, slowdown, triedAgain, withTask } from '@shunt/balancing';

/** What takes less counts as so long, in ms: a few ms more or less are the machine's, and nobody waits for them. */
const leastPaceMs = 20;
/** A worker that was slow for so long and not called a straggler has a new pace: the work has changed. */
const newPaceAfterMs = 60_000;
/** A straggler that ended nothing for so long is tried again: where no task waits for long, none would ever show that it is well. */
export const triedAgainAfterMs = 30_000;
/** So many times its recent service time, if that is longer: it may run one of them. */
const triedAgainAfterTasks = 3;

/** How long a worker's tasks take beside its own past. Times are of a monotonic clock, in ms. */
export class OwnPace {
  private pace = noPace;
  /** Since when it is slow, null while it is not. */
  private slowSinceMs: number | null = null;
  private endedAtMs = 0;
  /** Whether the dispatcher calls the worker a straggler. */
  isStraggler = false;

  /** A task ended well. */
  ended(durationMs: number, nowMs: number): void {
    this.endedAtMs = nowMs;
    this.pace = withTask(this.pace, Math.max(leastPaceMs, durationMs));
    if (!isStraggler(this.pace) || this.isStraggler) this.slowSinceMs = null;
    else this.slowSinceMs ??= nowMs;
    if (this.slowSinceMs !== null && nowMs - this.slowSinceMs > newPaceAfterMs) {
      this.pace = { ...this.pace, own: this.pace.recent };
      this.slowSinceMs = null;
    }
  }

  /** How many times slower than its own past it is, to two digits; 1 while it cannot be judged. */
  slowdown(nowMs: number): number {
    const afterMs = Math.max(triedAgainAfterMs, triedAgainAfterTasks * Math.exp(this.pace.recent));
    if (this.isStraggler && nowMs - this.endedAtMs > afterMs) {
      this.pace = triedAgain(this.pace);
      this.endedAtMs = nowMs;
    }
    return this.pace.tasks < leastTasks ? 1 : Math.round(slowdown(this.pace) * 100) / 100;
  }
}
