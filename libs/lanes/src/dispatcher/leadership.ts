import { leadsUntil, mayJudge } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { lead, resign } from '../moves.js';
import { ShuntError } from '../shunt-error.js';

/** Options of {@link Leadership}. */
export interface LeadershipOptions {
  readonly dispatcherId: string;
  /** Names of its own strategies. */
  readonly strategies: readonly string[];
  readonly leaseMs: number;
  readonly sweepMs: number;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  /** Told of each term that begins, and with 0 when it leads no more, and why. */
  readonly onChange: (term: number, why: string) => void;
  /**
   * Called again and again while leading. A dispatcher that was itself stalled is not to be trusted, until it has renewed in
   * time again; nor one that is stalled in the middle of it, so it is to ask before each verdict. Resolves to in how many ms the next
   * sweep has something to find; it comes after `sweepMs` at the latest.
   */
  readonly onSweep: (term: number, isTrusted: () => boolean) => Promise<number>;
}

/** So many sweeps in a row without trust are told: the first one of a dispatcher and one after a stall always are without. */
const toldAfter = 3;

/** How long it is told that Redis lost the pool's data, in ms. */
const lossMs = 300_000;

/** One dispatcher's part in leading a pool: it takes or renews a lease with a term. */
export class Leadership {
  /** How often Redis was seen with another data set than before. */
  dataSetsLost = 0;
  /** When it last was, by the monotonic clock. */
  private lostAtMs = Number.NEGATIVE_INFINITY;
  private dataSet: string | undefined;
  private held = 0;
  /** The term that was told last, 0 for none. */
  private told = 0;
  /** Until when the term holds, by this process's own clock: it counts from before the call that renewed it was sent. */
  private untilMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private lastTickMs: number | null = null;
  /** Sweeps in a row that it did as a leader that is not to be trusted. */
  private untrusted = 0;
  private ticking: Promise<void> = Promise.resolve();

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: LeadershipOptions,
  ) {}

  /** The term while this dispatcher leads, 0 otherwise. */
  get term(): number {
    return performance.now() < this.untilMs ? this.held : 0;
  }

  /** Whether it leads and may declare workers dead. */
  get isJudging(): boolean {
    return this.term > 0 && this.untrusted === 0;
  }

  /** Whether Redis was seen with another data set within the last minutes. */
  get hasLostData(): boolean {
    return performance.now() - this.lostAtMs < lossMs;
  }

  /** Starts competing for the leadership. */
  start(): void {
    this.ticking = this.tick();
  }

  /** Does something as the leader, between two sweeps; nothing while it does not lead. */
  async between(act: (term: number) => Promise<void>): Promise<void> {
    const next = this.ticking.then(() => (this.term > 0 ? act(this.term) : undefined));
    this.ticking = next.catch(() => undefined);
    await next;
  }

  /** Stops, and lets another dispatcher lead at once. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.ticking;
    if (this.held > 0 && this.redis.status === 'ready') {
      await resign(this.redis, this.keys, this.options.dispatcherId).catch(this.options.onError);
    }
    this.held = 0;
    this.tell('it stops');
  }

  /** Tells whether it leads, if that is news. */
  private tell(why: string): void {
    const { term } = this;
    if (term === this.told) return;
    this.told = term;
    this.options.onChange(term, term > 0 ? 'nobody else does' : why);
  }

  private async tick(): Promise<void> {
    const { dispatcherId, strategies, leaseMs, sweepMs, signal, onError, onSweep } = this.options;
    const startedAtMs = performance.now();
    let nextMs = sweepMs;
    try {
      const { term, dataSet } = await lead(this.redis, this.keys, dispatcherId, leaseMs, strategies);
      this.held = term;
      this.untilMs = leadsUntil(startedAtMs, leaseMs);
      this.tell(term > 0 ? 'Redis answered later than its lease lasts' : 'another dispatcher does');
      this.note(dataSet);
      const isTrusted = mayJudge(this.lastTickMs, startedAtMs, leaseMs / 2);
      this.noteTrust(isTrusted, startedAtMs);
      const isStillTrusted = () => isTrusted && mayJudge(startedAtMs, performance.now(), leaseMs / 2);
      if (this.term > 0) nextMs = Math.min(sweepMs, await onSweep(this.term, isStillTrusted));
    } catch (error) {
      this.held = 0;
      onError(error);
      this.tell('Redis did not renew its lease');
    }
    this.lastTickMs = startedAtMs;
    if (signal.aborted) return;
    this.timer = setTimeout(() => {
      this.ticking = this.ticking.then(() => this.tick());
    }, nextMs);
  }

  /** One stall is over with the next sweep. A leader that is never in time would go on for ever, and the dead with it. */
  private noteTrust(isTrusted: boolean, startedAtMs: number): void {
    this.untrusted = isTrusted || this.term === 0 ? 0 : this.untrusted + 1;
    if (this.untrusted !== toldAfter) return;
    const apart = `its rounds begin ${Math.round(startedAtMs - (this.lastTickMs ?? startedAtMs))} ms apart`;
    const message = `this dispatcher leads and declares no worker dead: ${apart}, more than half of its lease, ${this.options.leaseMs / 2} ms`;
    this.options.onError(new ShuntError('DEADLINE_EXCEEDED', message));
  }

  private note(dataSet: string): void {
    if (this.dataSet !== undefined && this.dataSet !== dataSet) {
      this.dataSetsLost++;
      this.lostAtMs = performance.now();
      const message = `Redis has lost the data of ${this.keys.prefix}: what was enqueued before is gone`;
      this.options.onError(new ShuntError('STORE_UNAVAILABLE', message));
    }
    this.dataSet = dataSet;
  }
}
