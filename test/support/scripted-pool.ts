import { randomUUID } from 'node:crypto';
import {
  enqueueBatch,
  type Labels,
  poolKeys,
  queueNameOf,
  runScript,
  type ScriptName,
  type TaskAffinity,
} from '@shunt/lanes';
import type { Redis } from 'ioredis';

const longMs = 600_000;
const life = 'life 1';

/** A pool in which nothing happens but what a test calls: workers that are registered, and scripts. */
export class ScriptedPool {
  readonly keys = poolKeys(queueNameOf(`scripted-${randomUUID().slice(0, 8)}`));
  private term = 0;

  constructor(readonly redis: Redis) {}

  /** Takes the lead, as `place` needs it. */
  async lead(): Promise<void> {
    [this.term] = (await this.call('lead', ['leader', 'journal'], ['d', longMs, '[]'])) as [number];
  }

  /** Registers a worker, also one that is registered with other labels. */
  async join(worker: string, slots: number, labels: Labels = {}): Promise<void> {
    const args = [this.keys.prefix, worker, life, JSON.stringify({ labels }), longMs, slots, '', ''];
    await this.call('join', ['workers', 'leases', 'incarnations', 'routable'], args);
  }

  /** Ends the registration of a worker. */
  async leave(worker: string): Promise<void> {
    await this.call('leave', ['incarnations', 'journal'], [this.keys.prefix, worker, life]);
  }

  /** Makes a worker the home of agents, whose states it holds unless told. */
  async settleAgents(worker: string, agents: readonly string[], holdsState = true): Promise<void> {
    const calls = this.redis.pipeline();
    for (const agent of agents) {
      const held = `${worker}:${life}`;
      calls.hset(this.keys.of(`agent:${agent}`), { home: worker, held, ...(holdsState ? { ran: held } : {}) });
    }
    await calls.exec();
  }

  /** Enqueues tasks of these ids in one batch. */
  async enqueue(ids: readonly string[], options: TaskAffinity & { readonly labels?: Labels } = {}): Promise<void> {
    const tasks = ids.map((id) => ({ id, name: 'turn', data: '{}', options: { attempts: 1, ...options } }));
    await enqueueBatch(this.redis, this.keys, randomUUID(), tasks);
  }

  /**
   * Lets a slot of a worker take a task; `takes` as pull.lua has it, and of which life it is, the registered one unless told. Resolves to the
   * id of what it took, null for nothing.
   */
  async pull(worker: string, token: string, takes = '1', asLife = life): Promise<string | null> {
    const args = [this.keys.prefix, worker, asLife, token, Date.now(), longMs, '', takes];
    const [first] = (await this.call('pull', [`lane:${worker}:prioritized`, 'yard'], args)) as [unknown];
    return Array.isArray(first) && first[0] !== 0 ? String(first[1]) : null;
  }

  /** Completes the task of a slot, which takes the next. */
  async settle(worker: string, token: string, id: string, slots: number): Promise<void> {
    const task = [token, '1', id, 'completed', 'null', -1, '', 1, ''];
    const args = [this.keys.prefix, worker, life, Date.now(), longMs, '', slots, ...task];
    await this.call('settle', ['completed', 'failed', 'events', 'meta'], args);
  }

  /** Gives a task of the yard to a worker. */
  async place(id: string, worker: string): Promise<void> {
    await this.call('place', ['leader', 'routable'], [this.keys.prefix, this.term, 'late', '', id, worker, '', '']);
  }

  /** Removes all of it. */
  async remove(): Promise<void> {
    for await (const batch of this.redis.scanStream({ match: `${this.keys.prefix}*`, count: 1000 })) {
      if (batch.length > 0) await this.redis.unlink(...(batch as string[]));
    }
  }

  private call(script: ScriptName, names: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return runScript(this.redis, script, names.map(this.keys.of), args);
  }
}
