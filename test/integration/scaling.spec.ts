import { readScale, type Scaler } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { configure } from '../support/configure.js';
import { Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

const scaleOf = (pool: TestPool) => readScale(pool.redis, pool.keys);
const joined = (pool: TestPool, count: number) =>
  until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === count);

/** Notes what it is asked for, each change once. */
function noting() {
  const asked: string[] = [];
  const scaler: Scaler = {
    resize: async (processes, idle) => {
      const text = `${processes} ${idle.join()}`.trim();
      if (asked.at(-1) !== text) asked.push(text);
    },
  };
  return { scaler, asked };
}

describe('the scale of a pool', () => {
  it('is advised by what there is to do, for those that could do it', async ({ pool }) => {
    const dispatcher = pool.dispatcher();
    await configure(pool, { scale: { max: 7, coolDown: 0 } }, dispatcher);
    const go = new Signal();
    pool.worker(() => go.seen, { workerId: 'w1', concurrency: 2 });
    await joined(pool, 1);
    const queue = pool.queue();
    // One agent's tasks need one slot, however many they are.
    await queue.addBulk(Array.from({ length: 20 }, () => ({ name: 'turn', data: { agentId: 'a' } })));
    await until(async () => (await pool.client().pool.scale()).loadTasks === 1);
    await until(async () => (await scaleOf(pool)).advice?.desired === 1);
    await queue.addBulk(Array.from({ length: 6 }, () => ({ name: 'turn', data: {} })));
    await until(async () => (await scaleOf(pool)).advice?.desired === 5);
    await queue.addBulk(Array.from({ length: 60 }, () => ({ name: 'turn', data: {} })));
    await until(async () => (await scaleOf(pool)).advice?.desired === 7);
    expect(await pool.client().pool.scale()).toMatchObject({
      workers: 1,
      desired: 7,
      target: 7,
      wished: null,
      slots: 2,
    });
    go.resolve();
    await until(async () => (await scaleOf(pool)).advice?.desired === 1);
  });

  it('is wished for by anybody, told in the journal once', async ({ pool }) => {
    const client = pool.client();
    await client.pool.setScale(4);
    await client.pool.setScale(4);
    expect(await client.pool.scale()).toMatchObject({ wished: 4, target: 4, desired: 0 });
    await client.pool.setScale('auto');
    expect((await client.pool.scale()).wished).toBeNull();
    const journal = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
    expect(journal.map(([, fields]) => fields.join(' '))).toEqual([
      'event scaled from  to 4 by sdk',
      'event scaled from 4 to  by sdk',
    ]);
    for (const bad of [-1, 1.5, 10_001, Number.NaN, 'many'])
      await expect(client.pool.setScale(bad as number)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('is left alone by a scaler while nobody wishes, unless it is to follow the advice', async ({ pool }) => {
    const { scaler, asked } = noting();
    const dispatcher = pool.dispatcher({ scaler });
    await until(async () => (await scaleOf(pool)).advice !== null);
    await configure(pool, { sessionTtl: '20m' }, dispatcher);
    expect(asked).toEqual([]);
    await configure(pool, { scale: { isFollowed: true, min: 3 } }, dispatcher);
    await until(() => asked.length > 0);
    expect(asked.at(-1)).toBe('3');
  });

  it('loses a victim only when that has nothing left; another leader goes on with it', async ({ pool }) => {
    const first = noting();
    const leader = pool.dispatcher({ scaler: first.scaler });
    const go = new Signal();
    for (const workerId of ['w1', 'w2', 'w3']) pool.worker(() => go.seen, { workerId, concurrency: 1 });
    await joined(pool, 3);
    await pool.queue().addBulk(Array.from({ length: 3 }, () => ({ name: 'turn', data: {} })));
    await until(async () => (await pool.client().pool.stats()).tasks.running === 3);
    await pool.client().pool.setScale(2);
    await until(async () => (await pool.redis.hlen(pool.keys.of('drained'))) === 1);
    await until(() => first.asked.at(-1) === '3');
    await leader.stop();
    const second = noting();
    pool.dispatcher({ scaler: second.scaler });
    go.resolve();
    await until(() => second.asked.at(-1) === '2 w3');
    expect((await scaleOf(pool)).victims).toEqual(['w3']);
    await pool.client().pool.setScale(3);
    await until(async () => (await pool.redis.hlen(pool.keys.of('drained'))) === 0);
    await joined(pool, 3);
    expect((await scaleOf(pool)).victims).toEqual([]);
  });
});
