/** How long an ended attempt counts, in ms: what is left of it falls by e in this time. */
const decayMs = 30_000;

/**
 * Share of the recent attempts that failed. One attempt that did not fail is taken for granted, so that a first failure is
 * not all there is, and a worker that gets nothing is forgiven with time. Times are arguments, in ms of one monotonic clock.
 */
export class ErrorShare {
  private attempts = 0;
  private failures = 0;
  private atMs = 0;

  /** Takes in that an attempt ended. */
  observe(hasFailed: boolean, nowMs: number): void {
    const rest = this.restAt(nowMs);
    this.attempts = this.attempts * rest + 1;
    this.failures = this.failures * rest + (hasFailed ? 1 : 0);
    this.atMs = nowMs;
  }

  /** The share by now, 0 to below 1. */
  at(nowMs: number): number {
    const rest = this.restAt(nowMs);
    return (this.failures * rest) / (this.attempts * rest + 1);
  }

  private restAt(nowMs: number): number {
    return Math.exp(-Math.max(0, nowMs - this.atMs) / decayMs);
  }
}
