import { isShuntError } from '@shunt/lanes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertEnqueueOptions, toJobOptions } from './options.js';

const defaults = {
  attempts: 1,
  removeOnComplete: { age: 3600, count: 10_000 },
  removeOnFail: { age: 604_800, count: 10_000 },
};

describe('toJobOptions', () => {
  it.each([
    [{}, {}],
    [{ priority: 0, delay: 0 }, {}],
    [
      { priority: 5, delay: '2s', attempts: 3, ttl: '1m', timeout: '30s' },
      { priority: 5, delay: 2000, attempts: 3, ttl: 60_000, timeout: 30_000 },
    ],
    [{ zone: 'eu-1' }, { zone: 'eu-1' }],
    [{ backoff: '1s' }, { backoff: { type: 'fixed', delay: 1000 } }],
    [{ backoff: { type: 'exponential', delay: 5 } }, { backoff: { type: 'exponential', delay: 5 } }],
    [{ retryOn: 'other-worker' }, { retryOn: 'other-worker' }],
    [{ affinity: 'none' }, { affinity: 'none' }],
    [{ spillAfter: '2s' }, { spillAfter: 2000 }],
    [{ metadata: { tenant: '' } }, { metadata: { tenant: '' } }],
    [
      { backoff: { type: 'exponential', delay: 5, max: '1s' } },
      { backoff: { type: 'exponential', delay: 5, max: 1000 } },
    ],
    [
      { affinity: 'strict', affinityTimeout: '2s' },
      { affinity: 'strict', affinityTimeout: 2000 },
    ],
    [{ dedup: { key: 'k' } }, { deduplication: { id: 'k' } }],
    [{ dedup: { key: 'k', ttl: '1s' } }, { deduplication: { id: 'k', ttl: 1000 } }],
    [
      { dedup: { key: 'k', ttl: '1s', mode: 'debounce' } },
      { delay: 1000, deduplication: { id: 'k', ttl: 1000, extend: true, replace: true } },
    ],
    [
      { delay: 7, dedup: { key: 'k', ttl: '1s', mode: 'debounce' } },
      { delay: 7, deduplication: { id: 'k', ttl: 1000, extend: true, replace: true } },
    ],
    [{ keep: { completed: true, failed: false } }, { removeOnComplete: false, removeOnFail: true }],
    [{ keep: { completed: 5, failed: '90s' } }, { removeOnComplete: 5, removeOnFail: { age: 90 } }],
    [
      { keep: { completed: { age: 1 }, failed: { count: 0 } } },
      { removeOnComplete: { age: 1 }, removeOnFail: { count: 0 } },
    ],
    [{ keep: { completed: {} } }, { removeOnComplete: {} }],
  ] as const)('says %j as BullMQ does', (options, job) => {
    expect(() => assertEnqueueOptions(options)).not.toThrow();
    expect(toJobOptions(options as never)).toEqual({ ...defaults, ...job });
  });
});

describe('assertEnqueueOptions', () => {
  it('takes any option as undefined, and an object without a prototype', () => {
    const names = [
      'agentId',
      'id',
      'zone',
      'labels',
      'priority',
      'delay',
      'ttl',
      'timeout',
      'attempts',
      'backoff',
      'dedup',
      'keep',
      'retryOn',
    ];
    expect(() => assertEnqueueOptions(Object.fromEntries(names.map((name) => [name, undefined])))).not.toThrow();
    expect(() => assertEnqueueOptions(Object.assign(Object.create(null), { agentId: 'a' }))).not.toThrow();
  });

  it('says what to use instead of a field that Shunt sets', () => {
    expect(() => assertEnqueueOptions({ jobId: 'x' })).toThrow('Invalid task: jobId is set by Shunt: use id');
    expect(() => assertEnqueueOptions({ lifo: true })).toThrow('lifo would break the order within an agent');
  });

  it('refuses an exponential backoff that grows beyond 365 days, and takes one that does not', () => {
    const message = 'backoff.delay doubles to more than 365d before the last of';
    const doubling = (attempts: number, delay: unknown) => ({ attempts, backoff: { type: 'exponential', delay } });
    expect(() => assertEnqueueOptions(doubling(3, '365d'))).toThrow(`${message} 3 attempts`);
    expect(() => assertEnqueueOptions(doubling(1000, 1000))).toThrow(`${message} 1000 attempts`);
    expect(() => assertEnqueueOptions(doubling(2, '365d'))).not.toThrow();
    expect(() => assertEnqueueOptions(doubling(20, '1s'))).not.toThrow();
    expect(() => assertEnqueueOptions(doubling(20, 'soon'))).toThrow('backoff.delay must be whole milliseconds');
  });

  it.each([
    [{ spillAfter: 1, affinity: 'strict' }, 'spillAfter is for soft affinity only'],
    [{ spillAfter: -1 }, 'spillAfter must be'],
    [{ backoff: { type: 'fixed', delay: 1, max: 2 } }, 'backoff.max is for an exponential one only'],
    [{ backoff: { type: 'exponential', delay: 2, max: 1 } }, 'backoff.max must be at least the delay'],
    [{ metadata: 'text' }, 'metadata must be an object of texts'],
    [{ metadata: { 'a b': 'c' } }, 'metadata["a b"] is not a label name'],
    [{ metadata: { a: 1 } }, 'metadata.a must be a string'],
    [{ metadata: { a: 'x'.repeat(257) } }, 'metadata.a must be at most 256 characters'],
    [{ metadata: { a: 'x\ny' } }, 'metadata.a must not contain control characters'],
  ])('refuses %j and names the field', (options, message) => {
    expect(() => assertEnqueueOptions(options)).toThrow(message);
  });

  it('takes an exponential backoff with a longest wait for any number of attempts', () => {
    const backoff = { type: 'exponential', delay: '1s', max: '5m' };
    expect(() => assertEnqueueOptions({ attempts: 1000, backoff })).not.toThrow();
  });

  it('accepts any value or refuses it with INVALID_TASK', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.anything())), (value) => {
        try {
          assertEnqueueOptions(value);
        } catch (error) {
          expect(isShuntError(error, 'INVALID_TASK')).toBe(true);
        }
      }),
    );
  });
});
