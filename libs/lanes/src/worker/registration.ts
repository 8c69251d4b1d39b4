import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { evict } from '../moves.js';
import { patiently } from '../redis/patience.js';
import { assertFit } from '../redis/redis-fitness.js';
import { defaultMaxStalledCount, type HeartbeatReply, heartbeat, join, leave } from '../registry.js';
import type { AgentReleases } from './agent-releases.js';
import { Heartbeats } from './heartbeats.js';
import type { HeldTasks } from './held-tasks.js';
import { claimId } from './id-claim.js';
import type { LaneWorkerOptions } from './lane-worker-options.js';
import { Orphans } from './orphans.js';
import type { Vitals } from './vitals.js';
import type { WorkerLife } from './worker-life.js';

/** A worker as its registration sees it. */
export interface Registrant {
  readonly redis: Redis;
  readonly keys: PoolKeys;
  readonly life: WorkerLife;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly options: LaneWorkerOptions;
  readonly held: HeldTasks;
  readonly vitals: Vitals;
  readonly releases: AgentReleases;
  /** Of the pool's configuration that it goes by. */
  readonly configVersion: () => number;
  readonly slots: () => number;
  /** Whether it takes work. */
  readonly isReceiving: () => boolean;
  readonly isStopping: () => boolean;
  /** Tasks that were cancelled while it ran them. */
  readonly onCancelled: (tasks: readonly string[]) => void;
  /** It beats and takes nothing though tasks wait and slots are free. */
  readonly onStuck: () => void;
  /** Another process has its id. */
  readonly onReplaced: () => void;
  readonly onError: (error: Error) => void;
}

const unregistered: HeartbeatReply = {
  outcome: 'unregistered',
  isStuck: false,
  isStraggler: false,
  cancels: [],
  closes: [],
};

/** Keeps a worker registered with its pool: joins, renews its lease by heartbeats, and joins anew as another life when one was lost. */
export class Registration {
  private readonly beats: Heartbeats;
  private readonly orphans = new Orphans();
  private readonly ended = new AbortController();
  /** Tasks it aborted since the last heartbeat that was answered. */
  private aborted: readonly string[] = [];

  constructor(private readonly who: Registrant) {
    this.beats = new Heartbeats({
      intervalMs: who.heartbeatMs,
      beat: () => this.beat(),
      // Not after the beats between: looks at the slots must be so far apart that no answer is still under way.
      afterBeat: () => this.compare(),
      onError: who.onError,
    });
  }

  /**
   * Joins the pool. A Redis that cannot write for the moment is waited for, and so is the lease of the process that had this id before.
   *
   * @throws ShuntError INVALID_CONFIG for a Redis that is not fit, CONFLICT when another process has this id and lives
   */
  async join(): Promise<void> {
    const { redis, life, onError, isStopping } = this.who;
    const mayGoOn = () => !isStopping();
    const register = () => assertFit(redis).then(() => this.register());
    const claim = { worker: life.worker, join: () => patiently(register, mayGoOn, onError), onWait: onError };
    try {
      await claimId({ ...claim, signal: this.ended.signal });
    } catch (error) {
      if (mayGoOn()) throw error;
    }
  }

  /** Beats from now on. */
  start(): void {
    this.beats.start();
  }

  /** Has something told that cannot wait for the next regular heartbeat. */
  beatNow(): void {
    this.beats.now();
  }

  /** Tells the pool how it is, hears what it is to do, and joins anew when its life was lost. */
  async beat(): Promise<void> {
    const { life, vitals, releases, isReceiving, onCancelled, onStuck, onReplaced } = this.who;
    const { incarnation } = life;
    const sentAtMs = performance.now();
    const { outcome, isStuck, isStraggler, cancels, closes } =
      life.lost === undefined ? await this.report() : unregistered;
    vitals.pace.isStraggler = isStraggler;
    if (this.ended.signal.aborted) return;
    onCancelled(cancels);
    this.aborted = cancels;
    releases.take(closes);
    if (isStuck) onStuck();
    if (outcome === 'replaced' && incarnation === life.incarnation) onReplaced();
    if (outcome === 'renewed' && life.isCurrent(incarnation)) life.renew(sentAtMs);
    if (outcome === 'unregistered' && life.lost === undefined) life.lose();
    if (life.lost === undefined || !isReceiving()) return;
    if ((await this.register()) !== null) onReplaced();
  }

  /** Leaves the pool for good, with what waits given to others. */
  async leave(): Promise<void> {
    const { redis, keys, life } = this.who;
    if ((await this.report()).outcome !== 'renewed') return;
    await evict(redis, keys, life.worker, life);
    // A beat that came after the end of its registration would take that for a loss.
    this.beats.stop();
    await leave(redis, keys, life);
  }

  /** Beats no more, and waits for nothing. */
  end(): void {
    this.ended.abort();
    this.beats.stop();
  }

  /** Resolves to null, or to the ms for which another process holds its id. */
  private async register(): Promise<number | null> {
    const { redis, keys, life, options, leaseMs } = this.who;
    const { weight = 1, zone, labels, healthUrl, holdsStates = false, maxAgents } = options;
    const slots = this.who.slots();
    const where = { host: hostname(), pid: process.pid };
    const registration = { slots, weight, zone, labels, ...where, healthUrl, holdsStates, maxAgents };
    const maxStalledCount = options.maxStalledCount ?? defaultMaxStalledCount;
    // After an absence of Redis it goes on where it was: that is no death, and nobody else may have taken its id.
    const succession = life.lost === undefined ? { maxStalledCount } : { replaces: life.lost };
    const sentAtMs = performance.now();
    const heldMs = await join(redis, keys, life, registration, leaseMs, succession);
    if (heldMs === null) life.renew(sentAtMs);
    return heldMs;
  }

  private async report(): Promise<HeartbeatReply> {
    const { redis, keys, life, leaseMs, held, vitals, releases, configVersion, isReceiving } = this.who;
    const { aborted } = this;
    const load = {
      ...vitals.read(),
      incarnation: life.incarnation,
      running: held.size,
      isDraining: !isReceiving(),
      configVersion: configVersion(),
    };
    const closed = releases.untold;
    const slots = isReceiving() ? this.who.slots() : 0;
    const reply = await heartbeat(redis, keys, life, load, leaseMs, slots, { aborted, closed });
    releases.settle(closed);
    return reply;
  }

  /** A failover may bring back a record that is older than what this life did since: then the life is over. */
  private async compare(): Promise<void> {
    const { redis, keys, life, held } = this.who;
    const { incarnation } = life;
    if (life.lost !== undefined) return;
    const inSlots = await redis.hvals(keys.lane(life.worker, 'slots'));
    const areLost = this.orphans.remain(incarnation, inSlots, (task) => held.has(task));
    if (areLost && life.isCurrent(incarnation)) life.lose();
  }
}
