import type { EnqueueItem } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startTestRedis } from '../../support/redis.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
beforeEach(() => {
  pool = new SdkPool();
});
afterEach(async () => {
  await pool.close();
});

const itemsOf = (count: number): EnqueueItem[] =>
  Array.from({ length: count }, (_, n) => ({ task: 'turn', input: n, options: { agentId: `a${n % 7}` } }));

const addedCount = async () => Number((await pool.redis.get(pool.keys.of('seq'))) ?? 0);

describe('enqueueMany', () => {
  it('gives each item its own result at its index, the bad ones too', async () => {
    const items: unknown[] = itemsOf(3);
    items.splice(1, 0, { task: 'turn', input: 1n }, { task: '', input: 1 }, { task: 'turn', input: 1, options: null });
    items.push({ task: 'turn', input: 1, options: { priorty: 1 } });
    const results = await pool.client().enqueueMany(items as EnqueueItem[]);
    expect(results.map((result) => (result.ok ? 'ok' : result.error.details))).toEqual([
      'ok',
      [{ field: 'input', message: expect.stringContaining('BigInt') }],
      [{ field: 'task', message: 'must be 1 to 128 characters' }],
      [{ field: 'options', message: 'must be a plain object' }],
      'ok',
      'ok',
      [{ field: 'priorty', message: 'is not a known option: did you mean priority?' }],
    ]);
    expect(await addedCount()).toBe(3);
  });

  it('gives no results for no items, without a call', async () => {
    expect(await pool.client().enqueueMany([])).toEqual([]);
    expect(await addedCount()).toBe(0);
  });

  it('adds 10,000 items in order', async () => {
    const results = await pool.client().enqueueMany(itemsOf(10_000));
    expect(results.every((result) => result.ok && !result.handle.deduplicated)).toBe(true);
    expect(await addedCount()).toBe(10_000);
    const current = await pool.redis.hget(pool.keys.of('agent:a0'), 'cur');
    const rest = await pool.redis.zrange(pool.keys.of('mailbox:a0'), '0', '-1');
    const ids = [current, ...rest];
    expect(ids).toEqual(results.filter((_, n) => n % 7 === 0).map((result) => result.ok && result.handle.id));
  });

  it('adds 100,000 items, in as many batches as it takes', async () => {
    // On a Redis of its own, as other suites look through all keys of theirs.
    const server = await startTestRedis();
    const large = new SdkPool(server.url);
    onTestFinished(async () => {
      await large.close();
      await server.stop();
    });
    const results = await large.client().enqueueMany(itemsOf(100_000));
    expect(results.filter((result) => !result.ok || result.handle.deduplicated)).toEqual([]);
    expect(new Set(results.map((result) => result.ok && result.handle.id)).size).toBe(100_000);
    expect(await large.redis.get(large.keys.of('seq'))).toBe('100000');
  });

  it('reports a conflict at its item only', async () => {
    const client = pool.client();
    const [first, second, third] = await client.enqueueMany([
      { task: 'turn', input: 1, options: { id: 'x' } },
      { task: 'turn', input: 2, options: { id: 'x' } },
      { task: 'turn', input: 1, options: { id: 'x' } },
    ]);
    expect(first?.ok && first.handle.deduplicated).toBe(false);
    expect(!second?.ok && second?.error.code).toBe('CONFLICT');
    expect(third?.ok && !third.handle.deduplicated).toBe(false);
  });

  it.each([undefined, null, 'items', 5, {}, new Set([1]), { length: 1, 0: { task: 'turn' } }])(
    'refuses what is no array (%#)',
    async (items) => {
      const error = await refusalOf(() => pool.client().enqueueMany(items as never));
      expect(error.code).toBe('INVALID_TASK');
      expect(error.details).toEqual([{ field: 'items', message: 'must be an array' }]);
    },
  );

  it('refuses items that are no objects of task, input and options, each by itself', async () => {
    const thrower = {
      get task() {
        throw new Error('hunter2');
      },
    };
    const odd = [undefined, null, 5, 'turn', ['turn', 1], new Map(), thrower, { name: 'turn', input: 1 }, {}];
    const items = [...odd, 'a hole', { task: 'turn', input: 1, optoins: {} }];
    delete items[odd.length];
    const results = await pool.client().enqueueMany(items as never);
    expect(results.map((result) => !result.ok && [result.error.code, result.error.message])).toEqual([
      ...Array(6).fill(['INVALID_TASK', 'Invalid task: item must be a plain object']),
      ['INVALID_TASK', 'Invalid task: item could not be read: a getter or proxy threw'],
      ['INVALID_TASK', 'Invalid task: name is not a known field: use task'],
      ['INVALID_TASK', 'Invalid task: task is required and must be a string'],
      ['INVALID_TASK', 'Invalid task: item must be a plain object'],
      ['INVALID_TASK', 'Invalid task: optoins is not a known option: did you mean options?'],
    ]);
    expect(await addedCount()).toBe(0);
  });
});
