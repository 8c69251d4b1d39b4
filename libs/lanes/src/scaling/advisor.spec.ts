import { describe, expect } from 'vitest';
import type { TestPool } from '../../../../test/support/pool.js';
import { it } from '../../../../test/support/pool-test.js';
import { lead } from '../moves.js';
import { readSight } from '../pool/pool-sight.js';
import { drain, undrain } from '../pool/worker-orders.js';
import { dispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { join } from '../registry.js';
import { Advisor } from './advisor.js';
import { scaleStatus } from './scale-status.js';
import { readScale, wishScale } from './scale-store.js';

const registration = { slots: 1, weight: 1, host: 'h', pid: 1 };
const leads = async ({ redis, keys }: TestPool, id: string, leaseMs = 600_000) =>
  (await lead(redis, keys, id, leaseMs)).term;

/** Three workers, of which one is wished for, and a leader's advisor with a scaler that notes what it is asked for. */
async function scaled(pool: TestPool) {
  const { redis, keys } = pool;
  for (const worker of ['w1', 'w2', 'w3']) await join(redis, keys, { worker, incarnation: '1' }, registration, 600_000);
  await wishScale(redis, keys, 1, { by: 'anna', nonce: 'n' });
  const asked: number[] = [];
  const advisor = new Advisor(redis, keys, {
    tuning: { current: dispatcherTuning({}, {}) },
    scaler: { resize: async (processes) => void asked.push(processes) },
    onError: (error) => pool.errors.push(error as Error),
  });
  const look = async (term: number) => {
    await advisor.look(term, await readSight(redis, keys));
    await advisor.stop();
  };
  return { asked, look };
}

describe('the scaler of a leader', () => {
  it('drains and stops while its term lasts', async ({ pool }) => {
    const { asked, look } = await scaled(pool);
    const term = await leads(pool, 'a');
    await look(term);
    await look(term);
    expect(asked).toEqual([3, 1]);
    expect((await readScale(pool.redis, pool.keys)).victims).toHaveLength(2);
    expect((await scaleStatus(pool.redis, pool.keys)).hasScaler).toBe(true);
    expect(pool.errors).toEqual([]);
  });

  it('does neither once its term is over', async ({ pool }) => {
    const { asked, look } = await scaled(pool);
    const old = await leads(pool, 'a', -1);
    await leads(pool, 'b');
    await look(old);
    expect(asked).toEqual([]);
    expect(await readScale(pool.redis, pool.keys)).toMatchObject({ advice: null, victims: [] });
    expect((await scaleStatus(pool.redis, pool.keys)).hasScaler).toBe(false);
    expect(await pool.redis.exists(pool.keys.of('drained'))).toBe(0);
    expect(pool.errors).toEqual([]);
  });

  it('has drains refused that come after the end of its term', async ({ pool }) => {
    const { redis, keys } = pool;
    await scaled(pool);
    const old = { term: await leads(pool, 'a', -1) };
    await leads(pool, 'b');
    await drain(redis, keys, 'w1', { by: 'scaler' }, old);
    await drain(redis, keys, 'w2', { by: 'anna' });
    await undrain(redis, keys, 'w2', { by: 'scaler' }, old);
    expect(await redis.hkeys(keys.of('drained'))).toEqual(['w2']);
    expect((await redis.hkeys(keys.of('routable'))).sort()).toEqual(['w1', 'w3']);
  });
});
