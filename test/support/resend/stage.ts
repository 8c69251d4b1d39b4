import { enqueueBatch, type LaneWorker, openPatientRedis, runScript, type ScriptName } from '@shunt/lanes';
import type { Job, JobsOptions } from 'bullmq';
import { Signal, TestPool } from '../pool.js';
import { type SentTwice, sendTwice } from './double-sender.js';

export const longMs = 600_000;

/** A pool in which every script call is sent twice. */
export class Stage {
  readonly pool = new TestPool();
  readonly keys = this.pool.keys;
  /** The connection that sends twice. */
  readonly redis = openPatientRedis(this.pool.url);
  readonly sent: SentTwice[] = [];
  private batches = 0;

  constructor() {
    sendTwice(this.redis, this.pool.redis, this.keys, this.sent);
  }

  /** Calls a script by its name, with keys of the pool. */
  call(script: ScriptName, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return runScript(this.redis, script, keys.map(this.keys.of), args);
  }

  /** Enqueues tasks of these ids in one batch. */
  add(ids: readonly string[], options: JobsOptions = {}) {
    const tasks = ids.map((id) => ({ id, name: 'turn', data: '{}', options: { attempts: 1, ...options } }));
    return enqueueBatch(this.redis, this.keys, `nonce ${++this.batches}`, tasks);
  }

  /** Registers a life of a worker that only scripts called here serve; it may succeed one of the same process. */
  join(worker: string, incarnation: string, slots = 2, replaces = ''): Promise<unknown> {
    const args = [this.keys.prefix, worker, incarnation, '{"slots":2,"weight":1}', longMs, slots, replaces];
    return this.call('join', ['workers', 'leases', 'incarnations', 'routable'], args);
  }

  /** Lets a slot of such a worker take a task, and further ones what is in its lane. */
  pull(
    worker: string,
    incarnation: string,
    slot: string,
    maxAgents: number | '' = '',
    further: readonly string[] = [],
  ): Promise<unknown> {
    const args = [this.keys.prefix, worker, incarnation, slot, Date.now(), longMs, maxAgents, '1', ...further];
    return this.call('pull', [`lane:${worker}:prioritized`, 'yard'], args);
  }

  /** Takes the lead. Resolves to the term. */
  async lead(): Promise<number> {
    const [term] = (await this.call('lead', ['leader', 'journal'], ['d1', longMs, '[]'])) as [number];
    return term;
  }

  /** Runs a real worker of one slot until it has ended so many attempts. */
  async work(attempts: number, handler: (job: Job, worker: LaneWorker, token: string) => unknown): Promise<void> {
    const done = new Signal();
    let ended = 0;
    const worker = this.pool.worker((job, own) => handler(job, own, job.token ?? ''), {
      workerId: 'real',
      connection: this.redis,
      autorun: false,
      heartbeat: longMs,
      lease: longMs,
    });
    const tick = () => ++ended === attempts && done.resolve();
    worker.on('completed', tick).on('failed', tick);
    worker.run().catch((error) => this.pool.errors.push(error));
    await done.seen;
    await worker.close();
  }

  /** Closes everything. */
  async close(): Promise<void> {
    await this.pool.close();
    this.redis.disconnect();
  }
}
