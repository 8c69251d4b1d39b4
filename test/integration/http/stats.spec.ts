import { Terminal } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { type HttpApi, it } from '../../support/http.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';

interface Spread {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}
interface Stats {
  readonly totals: { readonly completed: number };
  readonly rates: { readonly overMs: number; readonly errorRatio: number | null };
  readonly runs: readonly { readonly attempts: number }[];
  readonly times: { readonly tasks: number; readonly total: Spread; readonly wait: Spread; readonly run: Spread };
}
const lateMs = 60_000;
const statsOf = async (api: HttpApi) => (await (await api.send('/v1/stats', { as: 'viewer' })).json()) as Stats;

describe('GET /v1/stats', () => {
  it('tells rates, the share that fails, and how response times are spread', async ({ pool, api }) => {
    // Rates are between looks of this dispatcher: the first ones find a pool that has done nothing.
    await until(async () => (await statsOf(api)).rates.overMs > 0);
    expect(await statsOf(api)).toMatchObject({
      rates: { enqueuedPerSecond: 0, completedPerSecond: 0, failedPerSecond: 0, errorRatio: null },
      times: { tasks: 0, total: null, wait: null, run: null },
    });
    const refuse = () => {
      throw new Terminal('no');
    };
    pool.serve({ greet: () => 'hello', refuse }, { id: 'w1' });
    const client = pool.client();
    await pool.queue().add('greet', {}, { timestamp: Date.now() - lateMs });
    for (const agentId of ['a', 'b']) await (await client.enqueue('greet', {}, { agentId })).result();
    await expect((await client.enqueue('refuse', {}, { agentId: 'a' })).result()).rejects.toThrow('no');
    await until(async () => (await statsOf(api)).rates.errorRatio === 0.25);

    const { totals, rates, runs, times } = await statsOf(api);
    const aSecond = (count: number) => expect.closeTo((1000 * count) / rates.overMs, 6);
    expect(rates).toEqual({
      overMs: rates.overMs,
      enqueuedPerSecond: aSecond(4),
      completedPerSecond: aSecond(3),
      failedPerSecond: aSecond(1),
      errorRatio: 0.25,
    });
    expect(totals).toEqual({ enqueued: 4, completed: 3, failedAttempts: 1, failed: 1, cancelled: 0 });
    expect(runs.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(4);

    const { tasks, total, wait, run } = times;
    for (const { meanMs, p50Ms, p90Ms, p99Ms, maxMs } of [total, wait, run]) {
      expect([p90Ms, p99Ms]).toEqual([maxMs, maxMs]);
      expect([p50Ms >= 0, p50Ms <= maxMs, meanMs <= maxMs]).toEqual([true, true, true]);
    }
    expect(tasks).toBe(3);
    expect([wait.maxMs >= lateMs, wait.p50Ms < lateMs, wait.meanMs >= lateMs / 3]).toEqual([true, true, true]);
    expect(total.meanMs).toBeCloseTo(wait.meanMs + run.meanMs, 6);
  });

  it('tells the load of each worker', async ({ pool, api }) => {
    const held = new Signal();
    const handlers = { greet: () => 'hello', hold: () => held.seen };
    pool.serve(handlers, { id: 'w1', slots: 2 });
    const client = pool.client();
    const turn = (task: string, agentId: string) => client.enqueue(task, {}, { agentId, affinity: 'strict' });
    for (const agentId of ['a', 'b', 'c']) await (await turn('greet', agentId)).result();
    const running = await Promise.all(['a', 'b'].map((agentId) => turn('hold', agentId)));
    for (const task of running) await until(async () => (await task.status()).state === 'running');
    const waiting = await turn('greet', 'c');
    pool.serve(handlers, { id: 'w2', slots: 4 });
    await until(async () => (await api.send('/v1/workers/w2')).status === 200);
    expect(await statsOf(api)).toMatchObject({
      tasks: { intake: 0, yard: 0, lane: 1, mailbox: 0, running: 2, delayed: 0 },
      workers: [
        { id: 'w1', state: 'up', slots: 2, running: 2, waiting: 1, loadRatio: 1.5 },
        { id: 'w2', state: 'up', slots: 4, running: 0, waiting: 0, loadRatio: 0 },
      ],
    });
    held.resolve();
    for (const task of [...running, waiting]) await task.result();
  });
});
