import { describe, expect } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { it, until } from '../support/pool-test.js';

const start = commands();
const bench = (url: string, pool: string, ...words: string[]) =>
  start(['node', 'dist/apps/cli/src/main.js', 'bench', ...words], { env: { SHUNT_REDIS_URL: url, SHUNT_POOL: pool } });

describe('shunt bench', () => {
  it('tells what a pool gave, as text and as JSON, and leaves no task behind', async ({ pool }) => {
    pool.dispatcher();
    pool.worker(async () => 0, { concurrency: 10 });
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 1);
    const text = bench(pool.url, pool.pool, '--tasks', '300', '--agents', '20');
    expect(await text.ended()).toBe(0);
    expect(text.output).toMatch(/\d+ tasks\/s, 1000 open at a time\n/);
    expect(text.output).toMatch(/[\d.]+ ms from enqueue to result alone/);
    expect(text.output).toMatch(/0 of 500 tasks failed/);
    const json = bench(pool.url, pool.pool, '--tasks', '10', '-o', 'json');
    expect(await json.ended()).toBe(0);
    const told = JSON.parse(json.output);
    expect(told).toMatchObject({ tasks: 210, failed: 0 });
    expect(told.endedPerSecond).toBeGreaterThan(0);
    expect(told.roundTripMs.p99).toBeGreaterThanOrEqual(told.roundTripMs.p50);
    expect(await pool.redis.keys(`${pool.keys.prefix}*~*`)).toEqual([]);
  });

  it('exits with 1 when tasks failed', async ({ pool }) => {
    pool.dispatcher();
    pool.worker(async () => {
      throw new Error('nobody knows echo here');
    });
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 1);
    const run = bench(pool.url, pool.pool, '--tasks', '5');
    expect(await run.ended()).toBe(1);
    expect(run.output).toMatch(/205 of 205 tasks failed/);
  });

  it('says so when no worker may receive, and enqueues nothing', async ({ pool }) => {
    const run = bench(pool.url, pool.pool);
    expect(await run.ended()).toBe(1);
    expect(run.output).toMatch(/no worker of the pool may receive tasks/);
    expect(await pool.redis.keys(`${pool.keys.prefix}*`)).toEqual([]);
  });

  it('refuses a number that is none', async ({ pool }) => {
    const run = bench(pool.url, pool.pool, '--tasks', 'many');
    expect(await run.ended()).toBe(78);
    expect(run.output).toMatch(/--tasks.*must be a whole number from 1 to 1000000/s);
  });
});
