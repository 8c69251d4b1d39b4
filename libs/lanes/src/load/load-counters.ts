import { addServiceTimes, ErrorShare, noServiceTimes, PeakEwma, type ServiceTimes } from '@shunt/balancing';
import { BucketCounts } from '@shunt/health';
import { RunCounters, type RunTimes } from './run-times.js';
import { type Affinity, WaitCounters, type WaitTimes, waitBoundsMs } from './wait-times.js';

/** What a life of a worker has done so far, in numbers that only grow, and how it does now. */
export interface LoadCounts {
  readonly completed: number;
  /** Attempts that failed. */
  readonly failed: number;
  /** Attempts by which a handler had its task tried again later, while it had attempts left: no failures. */
  readonly postponed: number;
  /** Attempts that failed by the worker's fault, as far as can be told: not by an error that blames the task. */
  readonly blamed: number;
  /** Tasks that failed for good. */
  readonly finishedFailed: number;
  /** Tasks of an agent whose previous task this life ran as well. */
  readonly warm: number;
  /** Tasks of an agent whose previous task ran elsewhere, or that never ran. */
  readonly cold: number;
  /** Starts of tasks of no agent. */
  readonly alone: number;
  /** How long its latest attempts at warm and at cold tasks took that ended well. */
  readonly times: ServiceTimes;
  /** How long first starts waited. */
  readonly waits: WaitTimes;
  /** Starts per bucket of {@link waitBoundsMs} and above by how long they waited since they could have started, as their agent's task before had ended. */
  readonly eligible: readonly number[];
  readonly eligibleSumMs: number;
  /** How long attempts took, however they ended, by task name. */
  readonly runs: Readonly<Record<string, RunTimes>>;
  /** Starts of attempts. */
  readonly picked: number;
  /** When the last attempt started, in ms since 1970; 0 before the first. */
  readonly pickedAtMs: number;
  /** How long its attempts take by now, in ms, as a decaying peak of those that completed; null while none has. */
  readonly responseMs: number | null;
  /** Share of its recent attempts that failed by its fault, 0 to below 1. */
  readonly errorRatio: number;
}

/** Attempts that ended, as a report tells; one of an earlier version tells of none that were postponed. */
export function endedIn({ completed, failed, postponed = 0 }: LoadCounts): number {
  return completed + failed + postponed;
}

/** How long a task that starts has waited, in ms. */
export interface StartWaits {
  readonly affinity: Affinity;
  /** Since it was enqueued or due; null when this is not its first attempt. */
  readonly waitMs: number | null;
  /** Since it could have started; null when that is not known. */
  readonly eligibleMs: number | null;
}

const nothingServed = () => ({ warm: { tasks: 0, sumMs: 0 }, cold: { tasks: 0, sumMs: 0 } });

/** Counts what a worker's heartbeats report. */
export class LoadCounters {
  private completed = 0;
  private failed = 0;
  private postponed = 0;
  private blamed = 0;
  private finishedFailed = 0;
  private warm = 0;
  private cold = 0;
  private times = noServiceTimes;
  /** What ended since the last report. */
  private fresh = nothingServed();
  private alone = 0;
  private readonly waits = new WaitCounters();
  private readonly eligible = new BucketCounts(waitBoundsMs);
  private picked = 0;
  private pickedAtMs = 0;
  private readonly runs = new RunCounters();
  private readonly response = new PeakEwma();
  private readonly errors = new ErrorShare();

  /** @param nowMs a monotonic clock */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** A task started. */
  started(home: 'warm' | 'cold' | 'none', { affinity, waitMs, eligibleMs }: StartWaits, nowMs: number): void {
    this.picked++;
    this.pickedAtMs = nowMs;
    if (home === 'warm') this.warm++;
    if (home === 'cold') this.cold++;
    if (home === 'none') this.alone++;
    if (waitMs !== null) this.waits.add(affinity, waitMs);
    if (eligibleMs !== null) this.eligible.add(eligibleMs);
  }

  /** An attempt ended; `isForGood` when its task did too. */
  ended(outcome: 'completed' | 'failed' | 'postponed', isForGood: boolean, isBlamed = false): void {
    this[outcome]++;
    if (isBlamed) this.blamed++;
    this.errors.observe(isBlamed, this.nowMs());
    if (outcome === 'failed' && isForGood) this.finishedFailed++;
  }

  /**
   * A completed attempt took so long. Failed ones tell nothing: one that fails fast is not fast. `home` is undefined for a task
   * without an agent.
   */
  took(tookMs: number, home?: 'warm' | 'cold'): void {
    this.response.observe(tookMs, this.nowMs());
    if (home === undefined) return;
    this.fresh[home].tasks++;
    this.fresh[home].sumMs += Math.round(tookMs);
  }

  /** An attempt at a task of this name ran so long, however it ended. */
  ran(task: string, ms: number): void {
    this.runs.took(task, ms);
  }

  /** The counts at this moment. */
  counts(): LoadCounts {
    this.times = addServiceTimes(this.times, this.fresh);
    this.fresh = nothingServed();
    const { completed, failed, postponed, blamed, finishedFailed, warm, cold, alone, times, picked, pickedAtMs } = this;
    return {
      completed,
      failed,
      postponed,
      blamed,
      finishedFailed,
      warm,
      cold,
      times,
      alone,
      waits: this.waits.counts(),
      eligible: [...this.eligible.counts],
      eligibleSumMs: this.eligible.sumMs,
      runs: this.runs.counts(),
      picked,
      pickedAtMs,
      responseMs: thousandths(this.response.at(this.nowMs())),
      errorRatio: thousandths(this.errors.at(this.nowMs())) ?? 0,
    };
  }
}

/** A figure as it is told: what has aged away is nothing, not a number of thirty digits. */
function thousandths(figure: number | undefined): number | null {
  return figure === undefined ? null : Math.round(figure * 1000) / 1000;
}
