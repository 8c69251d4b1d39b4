import { MinQueue } from './min-queue.js';

/** Simulated time, and what is to happen in it. What happens at one instant happens in the order it was asked for. */
export class Timeline {
  nowMs = 0;
  private readonly events = new MinQueue<() => void>();

  /** Lets an action happen at a time, or as soon as possible when that is over. */
  at(ms: number, action: () => void): void {
    this.events.add(Math.max(ms, this.nowMs), action);
  }

  /** Lets everything before a time happen, and then it is that time. Infinity: until nothing is left. */
  runUntil(ms: number): void {
    for (let next = this.events.first(); next !== undefined && next.score < ms; next = this.events.first()) {
      this.events.remove(next);
      this.nowMs = next.score;
      next.value();
    }
    if (ms !== Number.POSITIVE_INFINITY) this.nowMs = ms;
  }
}
