import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendFactory, Job, WorkerOptions } from 'bullmq';
import { createRedisBackend, RedisQueueBackend } from 'bullmq';
import { Packr } from 'msgpackr';
import { type PoolKeys, poolKeys } from '../keys.js';
import { isPassing, patiently, refusedMs } from '../redis/patience.js';
import { runScript, type ScriptArgument, type ScriptName } from '../redis/script-runner.js';
import type { Fetched } from './handed-out.js';
import type { LaneOptions } from './lane-options.js';
import { LaneWaiter } from './lane-waiter.js';
import { type Ending, SettleBatch } from './settle-batch.js';
import { Slots } from './slots.js';
import { TakenAhead } from './taken-ahead.js';
import { leaseLost } from './worker-life.js';

/** The settle script's answer for a task that BullMQ's own finish must end. */
const mustFinish = -100;
/** Most workers that may refuse one attempt, in a pool where others keep coming. */
const maxRefusals = 100;

type BackendOptions = Parameters<typeof createRedisBackend>[1];
type Connection = ConstructorParameters<typeof RedisQueueBackend>[0];
type Finish = Parameters<RedisQueueBackend['moveToCompleted']>;
type Fail = Parameters<RedisQueueBackend['moveToFailed']>;
type Delay = Parameters<RedisQueueBackend['moveToDelayed']>;

/**
 * A worker's view of a pool: it adds, schedules and reads as BullMQ does on the pool's keys, and fetches and ends tasks
 * through its own lane. Ending a task, releasing its agent's next one and fetching are one script.
 */
export class LaneBackend extends RedisQueueBackend {
  private readonly lane: LaneOptions;
  private readonly pool: PoolKeys;
  private readonly settings: WorkerOptions;
  private readonly waiter: LaneWaiter;
  private readonly ahead = new TakenAhead(() => this.giveBack().catch((error) => this.emit('error', error)));
  private readonly slots: Slots;
  private readonly renewWaiter = () => void this.waiter.renew();
  private settling: { readonly life: string; readonly batch: SettleBatch } | undefined;

  constructor(base: RedisQueueBackend, name: string, opts: BackendOptions, lane: LaneOptions) {
    const parts = base as unknown as { connection: Connection; blockingConnection?: Connection };
    const toKey = (type: string) => base.toKey(type);
    super(parts.connection, name, base.keys, toKey, opts, parts.blockingConnection);
    this.lane = lane;
    this.pool = poolKeys(name, (opts as { prefix?: string }).prefix);
    this.settings = opts as WorkerOptions;
    const laneKeys = { ...base.keys, marker: this.pool.lane(lane.life.worker, 'marker') };
    this.waiter = new LaneWaiter(parts.connection, name, laneKeys, toKey, opts, parts.blockingConnection);
    lane.redis.on('close', this.renewWaiter);
    this.slots = new Slots(lane, this.pool, this.ahead, (error) => this.emit('error', error));
  }

  override async waitForJob(timeoutSeconds: number) {
    return this.ahead.isEmpty ? slowly(() => this.waiter.wait(timeoutSeconds)) : null;
  }

  /** BullMQ's own is longer than a connection may be silent. */
  override get maximumBlockTimeout(): number {
    return this.settings.drainDelay ?? super.maximumBlockTimeout;
  }

  override disconnectBlocking(): Promise<void> {
    return this.waiter.disconnect((isToWait) => super.disconnectBlocking(isToWait));
  }

  override async moveToActive(token: string, _name?: string): Promise<Fetched> {
    await this.ahead.named(token);
    const ready = this.slots.ready(token);
    if (ready !== null) return ready;
    const further = this.slots.further(token);
    return this.ahead.during(further, this.pull(token, further));
  }

  override async moveToCompleted(...[job, value, keep, token, fetchNext]: Finish) {
    const json = JSON.stringify(value) ?? 'null';
    const settled = await this.settle(job, 'completed', json, keep, token, fetchNext);
    if (settled) return settled;
    const args = this.moveToCompletedArgs(job, json, keep, token, false);
    return this.finish(job.id ?? '', args as ScriptArgument[], token, fetchNext);
  }

  override async moveToFailed(...[job, reason, keep, token, fetchNext, fields]: Fail) {
    const settled = await this.settle(job, 'failed', reason, keep, token, fetchNext, fields);
    if (settled) return settled;
    const args = this.moveToFailedArgs(job, reason, keep, token, false, fields);
    return this.finish(job.id ?? '', args as ScriptArgument[], token, fetchNext);
  }

  override async moveToDelayed(...[id, timestamp, delay, token = '0', opts = {}]: Delay) {
    const { fetchNext, ...rest } = opts;
    const args = this.moveToDelayedArgs(id, timestamp, token, delay, rest) as ScriptArgument[];
    args[1] = this.pool.lane(this.lane.life.worker, 'active');
    return this.end('retryLater', id, args, 11, token, fetchNext ?? false, [rest.skipAttempt ? '0' : '1']);
  }

  override async moveToWaitingChildren(id: string, token: string, opts: { child?: unknown } = {}): Promise<boolean> {
    const args = this.moveToWaitingChildrenArgs(id, token, opts as never) as ScriptArgument[];
    this.lane.held.assertHeld(id, token);
    args[0] = this.pool.lane(this.lane.life.worker, 'active');
    const code = await this.endRun('waitForChildren', args.slice(0, 7).map(String), [
      ...args.slice(7),
      ...this.slots.tail(token, false),
    ]);
    if (typeof code === 'number' && code < 0) throw this.failure(code, id, 'moveToWaitingChildren');
    if (code === 0) this.lane.held.leave(token, id);
    return code === 0;
  }

  override async retryJob(id: string, _lifo: boolean, token = '0', opts: { fieldsToUpdate?: object } = {}) {
    await this.putBack(id, token, true, opts.fieldsToUpdate);
  }

  override async moveJobFromActiveToWait(id: string, token = '0'): Promise<number> {
    await this.putBack(id, token, false);
    return 0;
  }

  /** A schedule's next firing is made also while Redis is full: the one before it is in its slot by then, and would stay there. */
  override execCommand(...[client, command, args]: Parameters<RedisQueueBackend['execCommand']>) {
    if (command !== 'updateJobScheduler') return super.execCommand(client, command, args);
    return this.endRun('nextFiring', args.slice(0, 12), args.slice(12));
  }

  /** Asks nothing more of a Redis that may never hear it: what mattered was answered by then. */
  override async close(): Promise<void> {
    this.lane.redis.off('close', this.renewWaiter);
    await this.waiter.close(super.close(true));
  }

  /**
   * Gives a task that it runs to another worker, its attempt uncounted. Resolves to an empty list, or to the workers that refused
   * the task when no other is left: then it goes on running here.
   */
  async refuse(id: string, token: string): Promise<readonly string[]> {
    this.lane.held.assertHeld(id, token);
    const args = [
      this.pool.prefix,
      this.lane.life.worker,
      token,
      id,
      this.lane.tuning.current.sessionTtlMs,
      maxRefusals,
    ];
    const reply = await this.endRun('refuse', [this.pool.of(id)], args);
    if (Array.isArray(reply)) return reply as string[];
    if (Number(reply) < 0) throw this.failure(Number(reply), id, 'refuse');
    this.lane.held.leave(token, id);
    return [];
  }

  /** Puts tasks back that were taken for slots which BullMQ did not fetch for. Those of a life that is over are not this one's to give. */
  async giveBack(): Promise<void> {
    const { held, life } = this.lane;
    const left = this.ahead.leave().filter(([, { incarnation }]) => life.isCurrent(incarnation));
    // Before it is sent: by the answer another task may have the slot.
    for (const [token, { task }] of left) held.leave(token, task);
    await Promise.all(left.map(([token, { task }]) => this.retryNow(task, token, false)));
  }

  private async pull(token: string, further: readonly string[]): Promise<Fetched> {
    const { maxAgents = '', tuning, life } = this.lane;
    const { worker, incarnation } = life;
    const names = [this.pool.lane(worker, 'prioritized'), this.pool.of('yard')];
    const common = [Date.now(), tuning.current.sessionTtlMs, maxAgents, this.slots.takes(token)];
    const args = [this.pool.prefix, worker, incarnation, token, ...common, ...further];
    const replies = await slowly(() => life.during(() => this.run('pull', names, args)));
    return this.slots.pulled((replies ?? []) as unknown[], [token, ...further], incarnation);
  }

  private async putBack(id: string, token: string, countsAttempt: boolean, fields?: object): Promise<void> {
    this.lane.held.assertHeld(id, token);
    await this.retryNow(id, token, countsAttempt, fields);
    this.lane.held.leave(token, id);
  }

  private async retryNow(id: string, token: string, countsAttempt: boolean, fields?: object): Promise<void> {
    const counted = countsAttempt ? '1' : '0';
    const changed = fields ? packed(fields) : '';
    const { life, tuning } = this.lane;
    const args = [this.pool.prefix, life.worker, token, id, counted, changed, tuning.current.sessionTtlMs];
    const code = Number(await this.endRun('retryNow', [this.pool.of(id)], args));
    if (code < 0) throw this.failure(code, id, 'retryJob');
  }

  /** Ends an ordinary task; null when BullMQ's own finish must end this one, as others depend on it. */
  private async settle(
    job: Finish[0],
    outcome: 'completed' | 'failed',
    value: string,
    keep: Finish[2],
    token: string,
    fetchNext: boolean,
    fields?: object,
  ) {
    const { removeOnComplete, removeOnFail, metrics } = this.settings;
    const id = job.id ?? '';
    this.lane.held.assertHeld(id, token);
    if (job.parentKey || (job as Job).deduplicationId || metrics) return null;
    const poolKeep = outcome === 'completed' ? removeOnComplete : removeOnFail;
    const { count = -1, age = '' } = this.getKeepJobs(keep, poolKeep) as { count?: number; age?: number };
    const slot = [token, this.slots.takes(token, this.isRefilled(fetchNext)), id];
    const ending = [...slot, outcome, value, count, age, job.opts.attempts ?? 0, fields ? packed(fields) : ''];
    const { incarnation } = this.lane.life;
    const finishedOn = Date.now();
    const reply = await this.insist(() => this.settlingOf(incarnation).add(ending));
    if (reply === mustFinish) return null;
    return { result: this.ended(id, reply, token, incarnation), finishedOn };
  }

  /** The ends of one life's tasks: what is still to be sent when it is over is not. */
  private settlingOf(life: string): SettleBatch {
    if (this.settling?.life === life) return this.settling.batch;
    const batch = new SettleBatch((endings) => this.sendSettle(life, endings));
    this.settling = { life, batch };
    return batch;
  }

  private async sendSettle(incarnation: string, endings: readonly Ending[]): Promise<readonly unknown[]> {
    const { life, maxAgents = '', tuning } = this.lane;
    if (!life.isCurrent(incarnation)) throw leaseLost();
    const names = ['completed', 'failed', 'events', 'meta'].map(this.pool.of);
    const { sessionTtlMs } = tuning.current;
    const { concurrency = 1 } = this.settings;
    const common = [this.pool.prefix, life.worker, incarnation, Date.now(), sessionTtlMs, maxAgents, concurrency];
    return (await this.run('settle', names, [...common, ...endings.flat()])) as unknown[];
  }

  private async finish(id: string, args: ScriptArgument[], token: string, fetchNext: boolean) {
    args[1] = this.pool.lane(this.lane.life.worker, 'active');
    const finishedOn = args[15] as number;
    return { result: await this.end('finish', id, args, 14, token, fetchNext), finishedOn };
  }

  private async end(
    script: ScriptName,
    id: string,
    args: readonly ScriptArgument[],
    keyCount: number,
    token: string,
    fetchNext: boolean,
    more: readonly ScriptArgument[] = [],
  ): Promise<Fetched> {
    this.lane.held.assertHeld(id, token);
    const { incarnation } = this.lane.life;
    const reply = await this.endRun(script, args.slice(0, keyCount).map(String), [
      ...args.slice(keyCount),
      ...this.slots.tail(token, this.isRefilled(fetchNext)),
      ...more,
    ]);
    return this.ended(id, reply, token, incarnation);
  }

  private ended(id: string, reply: unknown, token: string, incarnation: string): Fetched {
    if (typeof reply === 'number' && reply < 0) throw this.failure(reply, id, 'moveToFinished');
    this.lane.held.leave(token, id);
    return this.slots.filled(reply, token, incarnation);
  }

  /** Whether the slot of a task that ends is filled again. */
  private isRefilled(fetchNext: boolean): boolean {
    return fetchNext && !this.closing && this.lane.mayFetch();
  }

  /**
   * A task that has ended keeps its slot until Redis knows: BullMQ would first take the refusal for the task's own failure, and
   * then forget the task.
   */
  private async insist(call: () => Promise<unknown>): Promise<unknown> {
    const { life, onRefused } = this.lane;
    const { incarnation } = life;
    const mayGoOn = () => !this.closing && life.isCurrent(incarnation);
    const answer = await life.during(() => patiently(call, mayGoOn, onRefused));
    if (answer === undefined) throw leaseLost();
    return answer;
  }

  private endRun(script: ScriptName, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return this.insist(() => this.run(script, keys, args));
  }

  private run(script: ScriptName, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    this.slots.stir();
    return runScript(
      this.lane.redis,
      script,
      keys,
      args.map((arg) => arg ?? ''),
    );
  }

  private failure(code: number, jobId: string, command: string): Error {
    return this.finishedErrors({ code, jobId, command, state: 'active' });
  }
}

/** A refusal that may pass is told a second late: BullMQ's loop would ask again at once, thousands of times a second. */
async function slowly<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isPassing(error)) await sleep(refusedMs);
    throw error;
  }
}

const packer = new Packr({ useRecords: false });

/** Fields of a job hash, flat, as the scripts unpack them. */
function packed(fields: object): Buffer {
  return packer.pack(Object.entries(fields).flatMap(([name, value]) => [name, String(value)]));
}

/** A factory for BullMQ's Worker that gives it a lane. `made` receives the backend, as Worker keeps it to itself. */
export function laneBackendFactory(lane: LaneOptions, made: LaneBackend[] = []): BackendFactory<LaneBackend> {
  return ((name: string, opts: BackendOptions, flags: never) => {
    const base = createRedisBackend(name, opts, flags) as RedisQueueBackend;
    base.on('error', () => undefined);
    const backend = new LaneBackend(base, name, opts, lane);
    made.push(backend);
    return backend;
  }) as unknown as BackendFactory<LaneBackend>;
}
