import { openPatientRedis } from '@shunt/lanes';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ScriptedPool } from '../support/scripted-pool.js';

let redis: ReturnType<typeof openPatientRedis>;
let pool: ScriptedPool;
beforeAll(() => {
  redis = openPatientRedis(inject('redisUrl'));
});
beforeEach(async () => {
  pool = new ScriptedPool(redis);
  await pool.join('w', 4);
  await pool.enqueue(['a~1']);
});
afterEach(() => pool.remove());
afterAll(() => redis.disconnect());

describe('a task in a slot', () => {
  it('is what the same pull is answered with again', async () => {
    expect(await pool.pull('w', 't')).toBe('a~1');
    expect(await pool.pull('w', 't')).toBe('a~1');
  });

  it('is not for another life of its worker, which gives it on as it registers', async () => {
    expect(await pool.pull('w', 't')).toBe('a~1');
    expect(await pool.pull('w', 't', '1', 'life 2')).toBeNull();
  });
});
