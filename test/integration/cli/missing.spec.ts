import { connect } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { followWish } from '../../../apps/cli/src/scaling/follow-wish.js';
import { runShunt } from '../../support/cli/run-shunt.js';
import type { TestPool } from '../../support/pool.js';
import { it, until } from '../../support/pool-test.js';

/** A Redis that nothing listens at, as far as a command needs to know of it. */
const nowhere = { url: 'redis://127.0.0.1:1', pool: 'x' } as TestPool;

describe('a command', () => {
  it('gives up on a Redis that refuses connections, long before a call of the SDK does', async () => {
    for (const words of ['tasks ls', 'pools get', 'workers ls', 'enqueue echo', 'top', 'alerts']) {
      const client = connect({ redis: nowhere.url, timeout: '5s' });
      const call = client.pool.totals().catch(() => 'the SDK');
      const command = runShunt(nowhere, ...words.split(' ')).catch((error) => error);
      expect(await Promise.race([command, call])).toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/nothing listens there/),
      });
      client.close();
    }
  });

  it('refuses a pool that nobody has used, and knows one that has a task only', async ({ pool }) => {
    for (const words of [
      ['workers', 'ls'],
      ['pools', 'get'],
      ['pools', 'scale'],
      ['pools', 'get', 'nothing-such'],
    ])
      await expect(runShunt(pool, ...words)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: `there is no pool ${words[2] ?? pool.pool}: nobody has served it or used it; \`shunt pools ls\` tells which there are`,
      });
    await pool.queue().add('echo', 1);
    expect(await runShunt(pool, 'workers', 'ls', '-o', 'json')).toMatchObject({ code: 0, output: '[]' });
    expect(await runShunt(pool, 'pools', 'get')).toMatchObject({ code: 0 });
  });
});

describe('pools scale', () => {
  const scaling = ['pools', 'scale', '--to', '3'];

  it('says that nobody follows the wish where no scaler runs, also beside JSON', async ({ pool }) => {
    pool.dispatcher();
    for (const form of ['table', 'json']) {
      const { code, aside } = await runShunt(pool, ...scaling, '-o', form);
      expect([code, aside]).toEqual([
        0,
        expect.stringMatching(/^no scaler runs .* the wish for 3 is stored, and nobody/),
      ]);
    }
    expect((await runShunt(pool, ...scaling.slice(0, 3), 'auto')).aside).toBe('');
    expect((await runShunt(pool, 'pools', 'scale')).aside).toBe('');
  });

  it('says nothing where the leader has one', async ({ pool }) => {
    pool.dispatcher({ scaler: { resize: async () => undefined } });
    await until(async () => (await pool.client().pool.scale()).hasScaler);
    expect((await runShunt(pool, ...scaling)).aside).toBe('');
  });

  it('says nothing where the process that started the workers is one', async ({ pool }) => {
    const over = new AbortController();
    const follows = followWish(pool.redis, pool.keys, { resize: async () => undefined }, over.signal, () => undefined);
    await until(async () => (await pool.client().pool.scale()).hasScaler);
    expect((await runShunt(pool, ...scaling)).aside).toBe('');
    over.abort();
    await follows;
  });
});
