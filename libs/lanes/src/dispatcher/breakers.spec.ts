import type { Breaker } from '@shunt/health';
import { describe, expect } from 'vitest';
import { loadReport } from '../../../../test/support/load-report.js';
import type { TestPool } from '../../../../test/support/pool.js';
import { it } from '../../../../test/support/pool-test.js';
import { lead, place } from '../moves.js';
import { poolStats } from '../pool/pool-stats.js';
import { dispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { runScript } from '../redis/script-runner.js';
import { redisTimeMs } from '../redis/store-clock.js';
import { heartbeat, join, type LoadReport } from '../registry.js';
import { Breakers } from './breakers.js';
import { HealthChecks } from './health-checks.js';

const leaseMs = 600_000;
const stuckAfterMs = 1000;

/** A leader that looks when it is told to, at workers that only scripts called here serve. */
class Ward {
  readonly breakers: Breakers;
  private constructor(
    private readonly pool: TestPool,
    private readonly term: number,
    public nowMs: number,
  ) {
    const tuning = { current: { ...dispatcherTuning({}, {}), stuckAfterMs } };
    const onError = (error: unknown) => this.pool.errors.push(error as Error);
    this.breakers = new Breakers(pool.redis, pool.keys, { tuning, checks: new HealthChecks(tuning), onError });
  }

  static async open(pool: TestPool): Promise<Ward> {
    const { term } = await lead(pool.redis, pool.keys, 'd', leaseMs);
    return new Ward(pool, term, await redisTimeMs(pool.redis));
  }

  /** Registers a worker that reports once. */
  async join(worker: string, slots = 2, some: Partial<LoadReport> = {}): Promise<void> {
    const { redis, keys } = this.pool;
    await join(redis, keys, { worker, incarnation: 'life' }, { slots, weight: 1, host: 'h', pid: 1 }, leaseMs);
    await this.beat(worker, slots, some);
  }

  async beat(worker: string, slots = 2, some: Partial<LoadReport> = {}): Promise<void> {
    const { redis, keys } = this.pool;
    await heartbeat(redis, keys, { worker, incarnation: 'life' }, loadReport('life', some), leaseMs, slots);
  }

  /** Has a task of a new agent wait in a worker's lane. */
  async enqueueFor(worker: string, agentId: string): Promise<void> {
    const { id } = await this.pool.client().enqueue('t', 0, { agentId });
    await place(this.pool.redis, this.pool.keys, this.term, [{ task: id, worker, labelsKey: '' }]);
  }

  /** Has a worker take a task into a slot. */
  async pull(worker: string, slot: string): Promise<void> {
    const { redis, keys } = this.pool;
    const args = [keys.prefix, worker, 'life', slot, Date.now(), leaseMs];
    await runScript(redis, 'pull', [keys.lane(worker, 'prioritized'), keys.of('yard')], args);
  }

  /** Has a worker's breaker be as told. */
  async keep(worker: string, breaker: Breaker): Promise<void> {
    const kept = { breaker, seen: { countsOf: '', trips: 0 } };
    await this.pool.redis.hset(this.pool.keys.of('breakers'), worker, JSON.stringify(kept));
  }

  /** Looks some ms after the last look. */
  async lookAfter(ms: number): Promise<void> {
    this.nowMs += ms;
    await this.breakers.review({ term: this.term }, this.nowMs);
  }

  async states(): Promise<Record<string, string>> {
    const { workers } = await poolStats(this.pool.redis, this.pool.keys);
    return Object.fromEntries(workers.map(({ id, breaker }) => [id, breaker]));
  }

  /** The workers that are told to end their lives. */
  async recycled(): Promise<string[]> {
    const { redis, keys } = this.pool;
    const ids = await redis.hkeys(keys.of('workers'));
    const told = await Promise.all(ids.map((id) => redis.exists(keys.of(`lane:${id}:recycle`))));
    return ids.filter((_, n) => told[n] === 1).sort();
  }
}

describe('a worker that takes nothing', () => {
  it('is stuck when its lane has waited for long beside a free slot', async ({ pool }) => {
    const ward = await Ward.open(pool);
    for (const id of ['w1', 'w2', 'w3']) await ward.join(id);
    await ward.enqueueFor('w1', 'a');
    await ward.lookAfter(0);
    await ward.lookAfter(stuckAfterMs);
    expect(await ward.states()).toEqual({ w1: 'open', w2: 'closed', w3: 'closed' });
    expect(await ward.recycled()).toEqual(['w1']);
  });

  it('ends its life also when the pool cannot spare it', async ({ pool }) => {
    const ward = await Ward.open(pool);
    await ward.join('only');
    await ward.enqueueFor('only', 'a');
    for (const ms of [0, stuckAfterMs]) await ward.lookAfter(ms);
    expect(await ward.states()).toEqual({ only: 'closed' });
    expect(await ward.recycled()).toEqual(['only']);
  });

  it('ends its life also while it is half-open', async ({ pool }) => {
    const ward = await Ward.open(pool);
    for (const id of ['w1', 'w2', 'w3']) await ward.join(id);
    await ward.enqueueFor('w1', 'a');
    await ward.keep('w1', { state: 'half-open', openings: 1, life: 'life', from: { ended: 0, failed: 0 } });
    for (const ms of [0, stuckAfterMs]) await ward.lookAfter(ms);
    expect(await ward.recycled()).toEqual(['w1']);
  });

  it('ends no more lives at once than breakers may be open', async ({ pool }) => {
    const ward = await Ward.open(pool);
    const ids = ['w1', 'w2', 'w3'];
    for (const id of ids) await ward.join(id);
    for (const [n, id] of ids.entries()) await ward.enqueueFor(id, `a${n}`);
    for (const ms of [0, stuckAfterMs, 1, 1]) await ward.lookAfter(ms);
    expect(await ward.recycled()).toEqual(['w1']);
    await ward.lookAfter(60_000);
    expect(await ward.recycled()).toHaveLength(2);
    const journal = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
    expect(journal.filter(([, fields]) => fields[1] === 'recycled')).toHaveLength(2);
  });

  it('is not stuck while the pool is paused, nor for what waited meanwhile', async ({ pool }) => {
    const ward = await Ward.open(pool);
    for (const id of ['w1', 'w2', 'w3']) await ward.join(id);
    await pool.queue().pause();
    await ward.enqueueFor('w1', 'a');
    await ward.lookAfter(0);
    await ward.lookAfter(stuckAfterMs);
    await pool.queue().resume();
    await ward.lookAfter(stuckAfterMs);
    await ward.lookAfter(stuckAfterMs - 1);
    expect(await ward.states()).toEqual({ w1: 'closed', w2: 'closed', w3: 'closed' });
    expect(await ward.recycled()).toEqual([]);
  });

  it('is not stuck when it uses all slots that it is allowed, as in a slow start', async ({ pool }) => {
    const ward = await Ward.open(pool);
    for (const id of ['w1', 'w2', 'w3']) await ward.join(id, 4);
    for (const agent of ['a', 'b']) await ward.enqueueFor('w1', agent);
    await ward.keep('w1', { state: 'closed', openings: 1, sinceMs: ward.nowMs });
    await ward.lookAfter(0);
    await ward.pull('w1', 's1');
    for (const ms of [0, stuckAfterMs]) await ward.lookAfter(ms);
    expect(await ward.states()).toEqual({ w1: 'closed', w2: 'closed', w3: 'closed' });
    expect(await ward.recycled()).toEqual([]);
  });
});
