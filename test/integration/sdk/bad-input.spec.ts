import type { EnqueueOptions } from '@shunt/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
let client: ReturnType<SdkPool['client']>;
beforeAll(async () => {
  pool = new SdkPool();
  client = pool.client();
});
afterAll(async () => {
  expect(await pool.redis.keys(`${pool.keys.prefix}*`)).toEqual([]);
  await pool.close();
});

const secret = 'hunter2';

async function expectRefused(call: () => unknown, code: string, field: string): Promise<void> {
  const error = await refusalOf(call);
  expect(error.code).toBe(code);
  expect(error.retryable).toBe(false);
  expect((error.details as readonly { field: string }[]).map((problem) => problem.field)).toEqual([field]);
  expect(error.message).toContain(field);
  expect(`${error.message}${JSON.stringify(error.details)}${error.cause}`).not.toContain(secret);
  expect(error.message.length).toBeLessThan(300);
}

const texts: readonly (readonly [string, unknown])[] = [
  ['empty text', ''],
  ['an integer', 42],
  ['NaN', Number.NaN],
  ['a BigInt', 7n],
  ['true', true],
  ['null', null],
  ['an object', { id: secret }],
  ['an array', [secret]],
  ['a text with toString', { toString: () => secret }],
  ['a symbol', Symbol(secret)],
  ['a function', () => secret],
  ['1 MiB', secret.repeat(150_000)],
  ['a NUL', `${secret}\0`],
  ['a line break', `${secret}\n`],
  ['a C1 control', `\u0085${secret}`],
  ['a high surrogate alone', `${secret}\ud800`],
  ['a low surrogate alone', `\udc00${secret}`],
];

describe('a bad agentId', () => {
  it.each(texts)('is refused: %s', (_, agentId) =>
    expectRefused(() => client.enqueue('turn', 1, { agentId } as EnqueueOptions), 'INVALID_TASK', 'agentId'),
  );

  it('is refused above 256 bytes once encoded', () =>
    expectRefused(() => client.enqueue('turn', 1, { agentId: 'é'.repeat(43) }), 'INVALID_TASK', 'agentId'));
});

describe('a bad id', () => {
  it.each(texts)('is refused: %s', (_, id) =>
    expectRefused(() => client.enqueue('turn', 1, { agentId: 'a', id } as EnqueueOptions), 'INVALID_TASK', 'id'),
  );
});

describe('a bad task name', () => {
  it.each([...texts, ['undefined', undefined] as const, ['129 characters', 'x'.repeat(129)] as const])(
    'is refused: %s',
    (_, name) => expectRefused(() => client.enqueue(name as string, 1), 'INVALID_TASK', 'task'),
  );
});

describe('a bad id of a task to look up', () => {
  it.each(texts.filter(([name]) => !name.includes('surrogate')))('is refused: %s', (_, id) =>
    expectRefused(() => client.task(id as string), 'INVALID_TASK', 'id'),
  );
});

const circular: Record<string, unknown> = { secret };
circular.steps = [{ next: circular }];
let deep: unknown = secret;
for (let i = 0; i < 100_000; i++) deep = [deep];
class Person {
  name = secret;
}
const payloads: readonly (readonly [string, unknown, string])[] = [
  ['undefined', undefined, 'input'],
  ['a BigInt', { n: [7n] }, 'input.n[0]'],
  ['a function', { f: () => secret }, 'input.f'],
  ['a symbol', { s: Symbol(secret) }, 'input.s'],
  ['NaN', { secret, n: Number.NaN }, 'input.n'],
  ['Infinity', [1, Number.POSITIVE_INFINITY], 'input[1]'],
  ['a Map', { m: new Map([[secret, 1]]) }, 'input.m'],
  ['a Set', new Set([secret]), 'input'],
  ['a Date', { at: new Date(0) }, 'input.at'],
  ['an invalid Date', { at: new Date(Number.NaN) }, 'input.at'],
  ['a Buffer', { b: Buffer.from(secret) }, 'input.b'],
  ['a Promise', Promise.resolve(secret), 'input'],
  ['a RegExp', /hunter2/, 'input'],
  ['an Error', new Error(secret), 'input'],
  ['an instance', { p: new Person() }, 'input.p'],
  ['a hole', [1, undefined, 2], 'input[1]'],
  ['a throwing toJSON', { toJSON: () => Promise.reject(new Error(secret)) }, 'input'],
  [
    'a throwing getter',
    {
      a: 1,
      get b() {
        throw new Error(secret);
      },
    },
    'input.b',
  ],
  ['own __proto__', JSON.parse('{"a":{"__proto__":{"x":"hunter2"}}}'), 'input.a.__proto__'],
  ['constructor.prototype', JSON.parse('{"constructor":{"prototype":{"x":"hunter2"}}}'), 'input.constructor'],
  ['a lone surrogate', { text: `${secret}\ud800` }, 'input.text'],
];

describe('a bad input', () => {
  it.each(payloads)('is refused: %s', (_, input, field) =>
    expectRefused(() => client.enqueue('turn', input), 'INVALID_TASK', field),
  );

  it('is refused: circular', () =>
    expectRefused(() => client.enqueue('turn', circular), 'INVALID_TASK', 'input.steps[0].next'));

  it('is refused: 100,000 levels deep', async () => {
    const error = await refusalOf(() => client.enqueue('turn', deep));
    expect(error.message).toMatch(/^Invalid task: input\[0\].*is nested deeper than 512 levels$/);
  });

  it.each([
    ['a long text', secret.repeat(40_000)],
    ['many bytes in few characters', '😀'.repeat(70_000)],
    ['escapes', '\u0001'.repeat(50_000)],
    ['many items', Array.from({ length: 140_000 }, () => 1)],
  ])('is refused above 256 KiB: %s', (_, input) =>
    expectRefused(() => client.enqueue('turn', input), 'PAYLOAD_TOO_LARGE', 'input'),
  );
});

const options: readonly (readonly [string, unknown, string])[] = [
  ['null', null, 'options'],
  ['a text', secret, 'options'],
  ['an array', [secret], 'options'],
  ['a Map', new Map([['agentId', secret]]), 'options'],
  ['a Date', new Date(0), 'options'],
  [
    'a throwing getter',
    {
      get agentId() {
        throw new Error(secret);
      },
    },
    'options',
  ],
  ['a misspelt name', { priorty: secret }, 'priorty'],
  ['an unknown name', { concurrency: secret }, 'concurrency'],
  ['__proto__', JSON.parse('{"__proto__":{"agentId":"hunter2"}}'), '__proto__'],
  ...['jobId', 'deduplication', 'removeOnComplete', 'timestamp', 'lifo', 'repeat', 'parent'].map(
    (name) => [name, { [name]: secret }, name] as const,
  ),
  ...[-1, 1.5, Number.NaN, 2 ** 21, '1', null].map((v) => [`priority ${v}`, { priority: v }, 'priority'] as const),
  ...[-1, Number.NaN, 1e18, 0.5, '30', 'soon', null, new Date(0)].map(
    (v) => [`delay ${v}`, { delay: v }, 'delay'] as const,
  ),
  ...[0, -1, Number.NaN, '-5m', new Date(0)].map((v) => [`ttl ${v}`, { ttl: v }, 'ttl'] as const),
  ...[0, -1, 1.5, 1e9, '3', null].map((v) => [`attempts ${v}`, { attempts: v }, 'attempts'] as const),
  ['an unknown retryOn', { retryOn: secret }, 'retryOn'],
  ['an unknown backoff', { backoff: { type: secret, delay: 1 } }, 'backoff.type'],
  ['a backoff without a delay', { backoff: { type: 'fixed' } }, 'backoff.delay'],
  ['a negative backoff', { backoff: -1 }, 'backoff'],
  ['a jitter above 1', { backoff: { type: 'fixed', delay: 1, jitter: 2 } }, 'backoff.jitter'],
  ['an unknown name in backoff', { backoff: { type: 'fixed', delay: 1, [secret.slice(0, 3)]: 1 } }, 'backoff.hun'],
  ['an empty dedup key', { dedup: { key: '' } }, 'dedup.key'],
  ['a throttle without ttl', { dedup: { key: 'k', mode: 'throttle' } }, 'dedup.ttl'],
  ['a debounce without ttl', { dedup: { key: 'k', mode: 'debounce' } }, 'dedup.ttl'],
  ['a simple with ttl', { dedup: { key: 'k', mode: 'simple', ttl: 5 } }, 'dedup.ttl'],
  ['a ttl of 0', { dedup: { key: 'k', ttl: 0 } }, 'dedup.ttl'],
  ['an unknown dedup mode', { dedup: { key: 'k', mode: secret } }, 'dedup.mode'],
  ['a dedup text', { dedup: secret }, 'dedup'],
  ['a negative keep', { keep: { completed: -1 } }, 'keep.completed'],
  ['a keep text', { keep: { failed: secret } }, 'keep.failed'],
  ['a keep of nothing known', { keep: { done: true } }, 'keep.done'],
  ['a keep boolean', { keep: true }, 'keep'],
];

describe('a bad option', () => {
  it.each(options)('is refused: %s', (_, value, field) =>
    expectRefused(() => client.enqueue('turn', 1, value as EnqueueOptions), 'INVALID_TASK', field),
  );

  it('is told with every other bad one', async () => {
    const error = await refusalOf(() => client.enqueue('turn', 1, { priority: -1, delay: -1, attempts: 0 }));
    expect(error.message).toMatch(/^Invalid task: priority must .*; delay must .*; attempts must /);
  });
});

const lists: readonly (readonly [string, object, string])[] = [
  ['a state that is none', { state: secret }, 'state'],
  ['__proto__ for a state', { state: '__proto__' }, 'state'],
  ...[0, -1, 1.5, 1001, '5', Number.NaN].map((limit) => [`limit ${limit}`, { limit }, 'limit'] as const),
  ['a forged cursor', { cursor: `${secret}!` }, 'cursor'],
  ['a worker that is no name', { worker: { id: secret } }, 'worker'],
  ['a misspelt name', { limt: secret }, 'limt'],
];

describe('a bad option of a list', () => {
  it.each(lists)('of tasks is refused: %s', (_, value, field) =>
    expectRefused(() => client.listTasks(value), 'INVALID_INPUT', field),
  );

  it.each(lists.filter(([, value]) => !('state' in value)))('of agents is refused: %s', (_, value, field) =>
    expectRefused(() => client.agents.list(value), 'INVALID_INPUT', field),
  );

  it.each(lists.filter(([, value]) => !('state' in value || 'cursor' in value)))(
    'of the journal is refused: %s',
    (_, value, field) => expectRefused(() => client.pool.past(value), 'INVALID_INPUT', field),
  );
});

describe('maxPayloadBytes', () => {
  it('bounds the input of a client', async () => {
    const small = pool.client({ maxPayloadBytes: 10 });
    await expectRefused(() => small.enqueue('turn', 'x'.repeat(9)), 'PAYLOAD_TOO_LARGE', 'input');
  });
});
