import type { Handler } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
let client: ReturnType<SdkPool['client']>;
beforeEach(() => {
  pool = new SdkPool();
  client = pool.client();
  pool.dispatcher();
});
afterEach(async () => {
  await pool.close();
  expect(pool.errors).toEqual([]);
});

/** Runs a handler once and a next task of the same agent after it. Resolves to the reason of the failure. */
async function failureOf(handler: Handler, attempts = 1): Promise<string> {
  pool.serve({ turn: handler, next: () => 'ran' });
  const task = await client.enqueue('turn', 1, { agentId: 'a', attempts });
  const next = await client.enqueue('next', 2, { agentId: 'a' });
  const error = await refusalOf(() => task.result());
  expect(error.code).toBe('TASK_FAILED');
  expect(await next.result()).toBe('ran');
  expect((await task.status()).attemptsMade).toBe(attempts);
  return error.message;
}

const thrower = (value: unknown): Handler => {
  return () => {
    throw value;
  };
};

function cyclic(): Error {
  const error = new Error('outer');
  error.cause = new Error('inner', { cause: error });
  return error;
}

function unreadable(): Error {
  return Object.defineProperty(new Error('x'), 'message', {
    get() {
      throw new Error('hunter2');
    },
  });
}

const circle: Record<string, unknown> = {};
circle.self = { circle };

describe('a handler that throws', () => {
  it.each([
    ['undefined', undefined, 'the handler threw undefined'],
    ['null', null, 'the handler threw null'],
    ['a text', 'no luck', 'the handler threw no luck'],
    ['a number', 7, 'the handler threw a value of type number instead of an error'],
    ['a symbol', Symbol('s'), 'the handler threw a value of type symbol instead of an error'],
    ['an object', { secret: 'hunter2' }, 'the handler threw a value of type object instead of an error'],
    ['a frozen error', Object.freeze(new Error('frozen')), 'frozen'],
    ['an error with a cyclic cause', cyclic(), 'outer'],
    ['an error without a message', new Error(), ''],
    ['an error that cannot be read', unreadable(), 'the handler threw something that could not be read'],
  ])('%s fails the task with a reason, and its agent goes on', async (_, value, reason) => {
    expect(await failureOf(thrower(value))).toBe(reason);
  });

  it('an error of 5 MB has 8 KiB of it stored', async () => {
    const reason = await failureOf(thrower(new Error('x'.repeat(5_000_000))));
    expect(reason).toBe(`${'x'.repeat(8 * 1024)}...`);
    expect(await pool.redis.memory('USAGE', pool.keys.of('events'))).toBeLessThan(100_000);
  });

  it('is asked again as often as attempts say, and the last ten stacks are kept', async () => {
    await failureOf(thrower(new Error('never')), 12);
    const [failed] = await pool.queue().getFailed();
    expect(failed?.stacktrace).toHaveLength(10);
  });
});

describe('a handler that returns', () => {
  it.each([
    ['a circle', circle, 'result.self.circle refers back to an object that contains it'],
    ['a BigInt', { count: 7n }, 'result.count is a BigInt: send it as a string'],
    ['a function', { f: () => 1 }, 'result.f is a function, which JSON cannot say'],
    ['a Map', new Map(), 'result is a Map: send Object.fromEntries(map)'],
    ['10 MB', { text: 'x'.repeat(10_000_000) }, 'result must have at most 1048576 bytes as JSON'],
  ])('%s fails the task with a reason, and its agent goes on', async (_, value, reason) => {
    expect(await failureOf(() => value)).toBe(reason);
  });

  it('1 MiB of JSON succeeds', async () => {
    pool.serve({ turn: () => 'x'.repeat(1024 * 1024 - 2) });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    expect(await task.result()).toHaveLength(1024 * 1024 - 2);
  });
});

describe('a task that no handler is for', () => {
  it.each(['unknown', '__proto__', 'constructor', 'toString'])('fails for good: %s', async (name) => {
    const worker = pool.serve({ turn: () => 1 });
    const task = await client.enqueue(name, 1, { agentId: 'a', attempts: 5 });
    const error = await refusalOf(() => task.result());
    expect(error.message).toBe(`no worker has a handler for task "${name}": ${worker.id} refused it`);
    expect((await task.status()).attemptsMade).toBe(1);
  });

  it('on the worker that has it goes to one that knows it, as while a new version is rolled out', async () => {
    pool.serve({ turn: () => 'old' }, { id: 'old' });
    await (await client.enqueue('turn', 1, { agentId: 'a' })).result();
    pool.serve({ turn: () => 'new', 'turn.v2': () => 'new' }, { id: 'new' });
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 2);
    const task = await client.enqueue('turn.v2', 1, { agentId: 'a', attempts: 1 });
    expect(await task.result()).toBe('new');
  });
});
