/** How long a peak is remembered at least, in ms: Finagle's default. */
const decayMs = 10_000;
/** How many times its own length a response time is remembered: shorter and a slow worker would look fast while its tasks run. */
const decayTimes = 4;

/**
 * A response time that rises to a peak at once and decays slowly, so that a worker that has become slow is known by its
 * first slow answer, and forgiven with time even when it gets nothing. The decay is e to the power of -t / 10 s, or of 4
 * times the response time where that is longer. All times are arguments, in ms of one monotonic clock.
 *
 * Source: Finagle, com.twitter.finagle.loadbalancer.PeakEwma.
 */
export class PeakEwma {
  private valueMs: number | undefined;
  private atMs = 0;

  /** Takes in that an answer took so long. */
  observe(tookMs: number, nowMs: number): void {
    const known = this.valueMs ?? tookMs;
    const rest = this.restAt(nowMs, known);
    this.valueMs = tookMs > known ? tookMs : known * rest + tookMs * (1 - rest);
    this.atMs = nowMs;
  }

  /** The response time by now, in ms; undefined before the first answer. */
  at(nowMs: number): number | undefined {
    return this.valueMs === undefined ? undefined : this.valueMs * this.restAt(nowMs, this.valueMs);
  }

  private restAt(nowMs: number, valueMs: number): number {
    return Math.exp(-Math.max(0, nowMs - this.atMs) / Math.max(decayMs, decayTimes * valueMs));
  }
}
