import { randomUUID } from 'node:crypto';
import { type ChangeOptions, type ConfigChanges, changePoolConfig, readPoolConfig } from '@shunt/lanes';
import { isShuntError, type ShuntError } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { configure } from '../../support/configure.js';
import type { TestPool } from '../../support/pool.js';
import { it, until } from '../../support/pool-test.js';

/** What the journal says of configured keys: key, old value, new value. */
async function journal(pool: TestPool): Promise<string[][]> {
  const entries = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
  return entries
    .map(([, fields]) => fields)
    .filter(([, event]) => event === 'configured')
    .map((fields) => [5, 7, 9].map((at) => fields[at] ?? ''));
}

const change = (pool: TestPool, changes: ConfigChanges, options: Partial<ChangeOptions> = {}) =>
  changePoolConfig(pool.redis, pool.keys, changes, { nonce: randomUUID(), by: 'test', ...options });

async function refusal(made: Promise<unknown>): Promise<ShuntError> {
  try {
    await made;
  } catch (error) {
    if (isShuntError(error)) return error;
    throw error;
  }
  throw new Error('the change was accepted');
}

describe('a change of the configuration', () => {
  it('is kept in ms under a version, and the journal has each old and new value', async ({ pool }) => {
    await change(pool, { sessionTtl: '30m', breaker: { minCalls: 5, window: '1m' } });
    await change(pool, { sessionTtl: 60_000, breaker: { minCalls: null } });
    expect(await readPoolConfig(pool.redis, pool.keys)).toEqual({
      version: 2,
      config: { sessionTtl: 60_000, breaker: { window: 60_000 } },
    });
    expect(await journal(pool)).toEqual([
      ['breaker.minCalls', 'default', '5'],
      ['breaker.window', 'default', '60000'],
      ['sessionTtl', 'default', '1800000'],
      ['breaker.minCalls', '5', 'default'],
      ['sessionTtl', '1800000', '60000'],
    ]);
  });

  it('that is bad in one field is refused whole, with every bad field named', async ({ pool }) => {
    await change(pool, { sessionTtl: '30m' });
    const bad = {
      sessionTtl: '1h',
      strategy: 'round-robin',
      moveBudget: 2,
      brekaer: {},
      breaker: { failurRate: 0.5, open: '10m', openMax: '1m' },
      zoneDistances: { 'eu 1': {} },
    };
    const { code, details } = await refusal(change(pool, bad as ConfigChanges));
    expect(code).toBe('INVALID_CONFIG');
    expect(details).toEqual([
      { field: 'zoneDistances', message: expect.stringMatching(/^must be an object such as/) },
      { field: 'moveBudget', message: 'must be a number from 0 to 1' },
      { field: 'breaker.failurRate', message: 'is not a known option: did you mean failureRate?' },
      { field: 'breaker.openMax', message: 'must be at least breaker.open' },
      { field: 'brekaer', message: 'is not a known option: did you mean breaker?' },
    ]);
    expect(await readPoolConfig(pool.redis, pool.keys)).toEqual({ version: 1, config: { sessionTtl: 1_800_000 } });
    expect(await journal(pool)).toHaveLength(1);
  });

  it.for([
    [{ strategy: 'least-conections' }, 'strategy must be one of round-robin'],
    [{ shadowStrategy: 'mine' }, 'shadowStrategy must be one of round-robin'],
    [
      { factorWeights: { load: 0, response: 0, errors: 0, distance: 0 } },
      'factorWeights must have one that is above 0',
    ],
    [{ breaker: { open: '10m', openMax: '1m' } }, 'breaker.openMax must be at least breaker.open'],
    [{ breaker: 5 }, 'breaker must be an object of rules'],
    [{ breaker: { 'a.b': null } }, 'breaker["a.b"] is not a known option'],
    [{ nothing: null }, 'nothing is not a known option'],
    [{ spillAfter: 'soon' }, "spillAfter must be 'auto' or a duration"],
    [{ maxWaiting: 0 }, "maxWaiting must be 'none' or a whole number"],
    [{ maxWaitingAge: 'long' }, "maxWaitingAge must be 'none' or a duration"],
    [{ sessionTtl: Number.NaN }, 'sessionTtl must be whole milliseconds'],
    [JSON.parse('{ "__proto__": 1 }'), '__proto__ is not a known option'],
    ['sessionTtl=1', 'config must be a plain object'],
    [[], 'config must be a plain object'],
    [null, 'config must be a plain object'],
    [{ zoneDistances: manyZones() }, 'config must be at most 65536 characters of JSON'],
  ] as const)('to %j is refused', async ([bad, message], { pool }) => {
    const error = await refusal(change(pool, bad as unknown as ConfigChanges));
    expect(error.message).toContain(message);
    expect(await pool.redis.exists(pool.keys.of('config'), pool.keys.of('journal'))).toBe(0);
  });

  it('that fits only beside what is there is checked against that', async ({ pool }) => {
    await change(pool, { breaker: { openMax: '1m' } });
    const error = await refusal(change(pool, { breaker: { open: '2m' } }));
    expect(error.message).toBe('breaker.openMax must be at least breaker.open');
    await change(pool, { breaker: { open: '2m' } }, { replaces: true });
    expect((await readPoolConfig(pool.redis, pool.keys)).config).toEqual({ breaker: { open: 120_000 } });
  });

  it('that changes nothing is no new version', async ({ pool }) => {
    await change(pool, { sessionTtl: '1m' });
    expect(await change(pool, { sessionTtl: 60_000, breaker: null })).toMatchObject({ version: 1, changes: [] });
    expect(await journal(pool)).toHaveLength(1);
  });

  it('takes a whole group away by null', async ({ pool }) => {
    await change(pool, { sessionTtl: '1m', healthCheck: { enabled: true, up: 1 }, factorWeights: { load: 1 } });
    await change(pool, { healthCheck: null });
    expect((await readPoolConfig(pool.redis, pool.keys)).config).toEqual({
      sessionTtl: 60_000,
      factorWeights: { load: 1 },
    });
  });

  it('sent again under the same name changes nothing, whatever came in between', async ({ pool }) => {
    const once = { nonce: 'the same', ifVersion: 0 };
    expect(await change(pool, { sessionTtl: '1m' }, once)).toMatchObject({ version: 1 });
    await change(pool, { sessionTtl: '2m' });
    expect(await change(pool, { sessionTtl: '1m' }, once)).toMatchObject({ version: 1 });
    expect((await readPoolConfig(pool.redis, pool.keys)).config).toEqual({ sessionTtl: 120_000 });
    expect(await journal(pool)).toHaveLength(2);
  });

  it('by a strategy of the pool is accepted while its leader has it', async ({ pool }) => {
    const mine = { name: 'mine', initial: () => new Map() } as never;
    const dispatcher = pool.dispatcher({ strategies: [mine] });
    await until(() => dispatcher.leadership.term > 0);
    expect((await configure(pool, { strategy: 'mine' }, dispatcher)).version).toBe(1);
    expect(dispatcher.config.current.strategy).toBe(mine);
  });
});

describe('writers at once', () => {
  it('that replace the same version: one is made, the other told which version there is', async ({ pool }) => {
    const results = await Promise.allSettled(
      ['1m', '2m'].map((sessionTtl) => change(pool, { sessionTtl }, { ifVersion: 0 })),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'CONFLICT', details: { version: 1 } });
  });

  it('that change different keys: all are kept', async ({ pool }) => {
    const changes: ConfigChanges[] = [
      { sessionTtl: '1m' },
      { moveBudget: 0.2 },
      { breaker: { probes: 1 } },
      { breaker: { minCalls: 2 } },
      { affinity: 'strict' },
      { spillAfter: '1s' },
    ];
    await Promise.all(changes.map((one) => change(pool, one)));
    expect(await readPoolConfig(pool.redis, pool.keys)).toEqual({
      version: 6,
      config: {
        sessionTtl: 60_000,
        moveBudget: 0.2,
        breaker: { probes: 1, minCalls: 2 },
        affinity: 'strict',
        spillAfter: 1000,
      },
    });
  });
});

function manyZones() {
  const row = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`zone-${n}`, n]));
  return Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`zone-${n}`, row]));
}
