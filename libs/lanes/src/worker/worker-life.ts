import { randomUUID } from 'node:crypto';
import type { WorkerIdentity } from '../registry.js';
import { ShuntError } from '../shunt-error.js';

/**
 * A worker's right to run tasks: which life it is in, and until when by this process's own clock, which never goes back. It
 * counts from before the call that renewed the lease was sent, so it is over here before it is over in Redis.
 */
export class WorkerLife implements WorkerIdentity {
  incarnation = randomUUID();
  /** The life that was lost and has not been succeeded in Redis yet. */
  lost: string | undefined;
  private untilMs = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private hasEnded = false;
  /** Told when the present life is over. */
  private readonly waiting = new Set<() => void>();

  /** `onLost` is called when a life is over; by then there is a new one, which is not registered. */
  constructor(
    readonly worker: string,
    private readonly leaseMs: number,
    private readonly onLost: () => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** The life that Redis knows, unless another process has taken the id: one that was lost, until it is succeeded. */
  get registered(): string {
    return this.lost ?? this.incarnation;
  }

  /** Redis has renewed the lease by a call that was sent at `sentAtMs`; too late once it has ended. */
  renew(sentAtMs: number): void {
    if (this.hasEnded) return;
    this.lost = undefined;
    this.untilMs = sentAtMs + this.leaseMs;
    this.watch();
  }

  /** Whether a life may still run and end tasks. Loses the present one when its time is over. */
  isCurrent(incarnation: string): boolean {
    if (this.nowMs() >= this.untilMs) this.lose();
    return incarnation === this.incarnation;
  }

  /**
   * Waits for an answer that matters to the present life only: a connection that is away answers when it is back, or never. Resolves
   * to undefined once the life is over.
   */
  async during<T>(call: () => Promise<T>): Promise<T | undefined> {
    let over: () => void = () => undefined;
    const isOver = new Promise<undefined>((resolve) => {
      over = () => resolve(undefined);
    });
    this.waiting.add(over);
    try {
      return await Promise.race([call(), isOver]);
    } finally {
      this.waiting.delete(over);
    }
  }

  /** Begins a new life: the present one may run nothing any more. */
  lose(): void {
    this.letGo();
    this.lost = this.incarnation;
    this.incarnation = randomUUID();
    this.onLost();
  }

  /** Loses the life at its end by itself. A timer may fire a moment early: then it looks once more. */
  private watch(): void {
    clearTimeout(this.timer);
    const leftMs = Math.max(1, Math.ceil(this.untilMs - this.nowMs()));
    this.timer = setTimeout(() => {
      if (this.isCurrent(this.incarnation)) this.watch();
    }, leftMs);
  }

  /** Ends for good: watches the time no longer, and waits for no answer. */
  end(): void {
    this.hasEnded = true;
    this.letGo();
  }

  private letGo(): void {
    clearTimeout(this.timer);
    this.untilMs = Number.POSITIVE_INFINITY;
    for (const tell of this.waiting) tell();
  }
}

/** Says that a task was not ended, as its life is over. */
export function leaseLost(): ShuntError {
  return new ShuntError('LEASE_LOST', 'the worker has lost its lease, and the task with it: it runs again');
}
