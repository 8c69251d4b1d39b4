import { createWorker } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { Signal } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

const start = commands();
const shunt = (url: string, pool: string, ...words: string[]) =>
  start(['node', 'dist/apps/cli/src/main.js', ...words], { env: { SHUNT_REDIS_URL: url, SHUNT_POOL: pool } });

describe('shunt workers', () => {
  it('lists the workers of a pool, as a table and as JSON', async ({ pool }) => {
    pool.worker(async () => undefined, { workerId: 'w1' });
    pool.worker(async () => undefined, { workerId: 'w2' });
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 2);
    const table = shunt(pool.url, pool.pool, 'workers', 'ls');
    expect(await table.ended()).toBe(0);
    expect(table.output).toMatch(/w1.*up.*closed.*0.*1.*0/);
    const json = shunt(pool.url, pool.pool, 'workers', 'ls', '-o', 'json');
    expect(await json.ended()).toBe(0);
    expect(JSON.parse(json.output)).toMatchObject([
      { id: 'w1', isRoutable: true, breaker: 'closed' },
      { id: 'w2', isRoutable: true },
    ]);
  });

  it('drains one: dry, then until nothing runs on it, and back again', async ({ pool }) => {
    const opened = new Signal();
    const started = new Signal();
    const worker = createWorker({
      redis: pool.url,
      pool: pool.pool,
      id: 'w1',
      heartbeat: 100,
      handlers: {
        t: async () => {
          started.resolve();
          await opened.seen;
        },
      },
    });
    const ended = worker.run();
    pool.dispatcher();
    await pool.client().enqueue('t', 0, { agentId: 'a' });
    await started.seen;
    const dry = shunt(pool.url, pool.pool, 'workers', 'drain', 'w1', '--dry-run');
    expect(await dry.ended()).toBe(0);
    expect(dry.output).toContain('0 waiting tasks go to 0 other workers, 1 running ones end there');
    expect(await pool.redis.hexists(pool.keys.of('routable'), 'w1')).toBe(1);
    const late = shunt(pool.url, pool.pool, 'workers', 'drain', 'w1', '--wait', '--timeout', '1ms');
    expect(await late.ended()).toBe(1);
    expect(late.output).toContain('worker w1 is drained and still runs 1 of 1 tasks after 1ms: wait again, or stop it');
    const wet = shunt(pool.url, pool.pool, 'workers', 'drain', 'w1', '--wait');
    await wet.said(/no other worker may receive/);
    opened.resolve();
    expect(await wet.ended()).toBe(0);
    expect(wet.output).toContain('worker w1 is drained, 0 tasks moved');
    const back = shunt(pool.url, pool.pool, 'workers', 'undrain', 'w1');
    expect(await back.ended()).toBe(0);
    await until(async () => (await pool.redis.hexists(pool.keys.of('routable'), 'w1')) === 1);
    await worker.close();
    await ended;
  });

  it('sets a breaker by hand', async ({ pool }) => {
    pool.dispatcher();
    pool.worker(async () => undefined, { workerId: 'w1' });
    await until(async () => (await pool.redis.hexists(pool.keys.of('routable'), 'w1')) === 1);
    expect(await shunt(pool.url, pool.pool, 'workers', 'breaker', 'w1', 'open').ended()).toBe(0);
    await until(async () => (await pool.redis.hexists(pool.keys.of('routable'), 'w1')) === 0);
  });

  it('says in one line what is wrong', async ({ pool }) => {
    const unknown = shunt(pool.url, pool.pool, 'workers', 'drain', 'w1');
    expect(await unknown.ended()).toBe(1);
    expect(unknown.output.trim()).toBe('there is no such worker in this pool');
    const away = shunt('redis://127.0.0.1:1', pool.pool, 'workers', 'ls');
    expect(await away.ended()).toBe(1);
    expect(away.output.trim()).toMatch(
      /^Redis at 127\.0\.0\.1:1 does not answer: nothing listens there .*`npm run redis`/,
    );
    const bad = shunt(pool.url, pool.pool, 'workers', 'ls', '--pool', 'a b');
    expect(await bad.ended()).toBe(78);
    expect(bad.output).toContain('SHUNT_POOL must be 1 to 64 characters');
  });
});
