/** How one attempt ended. */
export interface Outcome {
  /** The attempt's agent, or its task where it has none. */
  readonly agent: string;
  /** Whether it failed by the worker's fault: an error that blames the task is none. */
  readonly isFailure: boolean;
  readonly durationMs: number;
}

/** What a worker's last attempts were like. */
export interface Outcomes {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Distinct agents among the failures and the slow calls, counted up to 64 per tenth of the window. */
  readonly agents: number;
  /** Failures since the last attempt that did not fail, however long ago. */
  readonly consecutiveFailures: number;
}

interface Bucket {
  readonly startedAtMs: number;
  calls: number;
  failures: number;
  slow: number;
  readonly agents: Set<string>;
}

const bucketsPerWindow = 10;
const maxAgentsPerBucket = 64;

/**
 * The attempts of a sliding time window, kept as sums of tenths of it: what is told covers between nine and ten tenths.
 * Memory does not grow with the number of attempts. Time is an argument and must not go back.
 */
export class OutcomeWindow {
  private buckets: Bucket[] = [];
  private consecutiveFailures = 0;

  /** @param slowMs from which duration a call is slow */
  constructor(
    private readonly windowMs: number,
    private readonly slowMs: number,
  ) {}

  /** Counts an attempt that ended at `nowMs`. */
  add({ agent, isFailure, durationMs }: Outcome, nowMs: number): void {
    const bucket = this.current(nowMs);
    const isSlow = durationMs >= this.slowMs;
    bucket.calls++;
    if (isFailure) bucket.failures++;
    if (isSlow) bucket.slow++;
    if ((isFailure || isSlow) && bucket.agents.size < maxAgentsPerBucket) bucket.agents.add(agent);
    this.consecutiveFailures = isFailure ? this.consecutiveFailures + 1 : 0;
  }

  /** Whether none of them failed or was slow. */
  isClean(nowMs: number): boolean {
    this.forget(nowMs);
    return this.buckets.every(({ failures, slow }) => failures === 0 && slow === 0);
  }

  /** The sums at `nowMs`. */
  sums(nowMs: number): Outcomes {
    this.forget(nowMs);
    const sums = { calls: 0, failures: 0, slow: 0 };
    const agents = new Set<string>();
    for (const bucket of this.buckets) {
      sums.calls += bucket.calls;
      sums.failures += bucket.failures;
      sums.slow += bucket.slow;
      for (const agent of bucket.agents) agents.add(agent);
    }
    return { ...sums, agents: agents.size, consecutiveFailures: this.consecutiveFailures };
  }

  /** Forgets all: a worker on probation is judged by what it does from now on. */
  clear(): void {
    this.buckets = [];
    this.consecutiveFailures = 0;
  }

  private current(nowMs: number): Bucket {
    this.forget(nowMs);
    const last = this.buckets.at(-1);
    if (last && nowMs - last.startedAtMs < this.windowMs / bucketsPerWindow) return last;
    const bucket = { startedAtMs: nowMs, calls: 0, failures: 0, slow: 0, agents: new Set<string>() };
    this.buckets.push(bucket);
    return bucket;
  }

  private forget(nowMs: number): void {
    while (this.buckets[0] && nowMs - this.buckets[0].startedAtMs >= this.windowMs) this.buckets.shift();
  }
}
