import { type Labels, openPatientRedis } from '@shunt/lanes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countCommands } from '../support/harness/command-counts.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';
import { ScriptedPool } from '../support/scripted-pool.js';

const gpu = { gpu: 'a100' };
const both = { ...gpu, region: 'eu' };
const slots = 4;

let server: TestRedis;
let redis: ReturnType<typeof openPatientRedis>;
let pool: ScriptedPool;
beforeAll(async () => {
  server = await startTestRedis();
  redis = openPatientRedis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(() => {
  pool = new ScriptedPool(redis);
});

/** A task in the yard that requires labels and avoids workers. */
async function avoiding(workers: readonly string[], labels: Labels): Promise<void> {
  await pool.enqueue(['a~1'], { labels });
  await pool.redis.hset(pool.keys.of('avoids'), 'a~1', workers.join(' '));
}

/** What a worker that carries labels takes of the yards. */
const pull = (worker: string) => pool.pull(worker, 'slot 1', '2');

/** Registers so many workers, all with these labels. */
async function crowd(size: number, labels: Labels, name = 'crowd'): Promise<void> {
  for (let n = 0; n < size; n++) await pool.join(`${name}-${n}`, slots, labels);
}

describe('a task with labels that avoids a worker', () => {
  beforeEach(() => pool.join('w1', slots, both));

  it.each<[string, boolean, Labels]>([
    ['that carries them and may receive', true, both],
    ['that lacks one', false, gpu],
    ['that carries one with another value', false, { ...gpu, region: 'eu2' }],
  ])('is left to another worker %s: %s', async (_, isLeft, labels) => {
    await pool.join('w2', slots, labels);
    await avoiding(['w1'], both);
    expect(await pull('w1')).toBe(isLeft ? null : 'a~1');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['leaves', () => pool.leave('w2')],
    ['comes back with other labels', () => pool.join('w2', slots, { gpu: 't4' })],
    ['may receive nothing any more', () => pool.redis.hdel(pool.keys.of('routable'), 'w2')],
    ['is avoided as well', () => avoiding(['w1', 'w2'], both)],
  ])('may go back there once the other one %s', async (_, happens) => {
    await pool.join('w2', slots, both);
    await avoiding(['w1'], both);
    expect(await pull('w1')).toBeNull();
    await happens();
    expect(await pull('w1')).toBe('a~1');
  });

  it('is left to one of many that carry the same label, more of which it avoids than a look sees of others', async () => {
    await crowd(100, gpu);
    await avoiding(['w1', ...Array.from({ length: 99 }, (_, n) => `crowd-${n}`)], gpu);
    expect(await pull('w1')).toBeNull();
    await pool.leave('crowd-99');
    expect(await pull('w1')).toBe('a~1');
  });

  it('is left to the one that a rare label tells among many that carry the other one', async () => {
    await crowd(200, gpu);
    await pool.join('w2', slots, both);
    await avoiding(['w1'], both);
    expect(await pull('w1')).toBeNull();
  });

  it('does not wait for one that 64 with its rarest label hide, as it could be for ever', async () => {
    await crowd(100, gpu);
    await crowd(100, { region: 'eu' }, 'eu');
    await pool.join('w2', slots, both);
    await avoiding(['w1'], both);
    expect(await pull('w1')).toBe('a~1');
  });

  it.each<[string, Labels, Labels]>([
    ['one that no other carries', gpu, {}],
    ['one that all others carry', gpu, gpu],
    ['two of which all others carry one', both, gpu],
  ])('costs a pull as many commands among 300 workers as among 100, for labels %s', async (_, labels, others) => {
    const commandsAmong = async (workers: number) => {
      pool = new ScriptedPool(redis);
      await pool.join('w1', slots, both);
      await crowd(workers, others);
      await avoiding(['w1'], labels);
      return (await countCommands(redis, async () => void (await pull('w1')))).calls;
    };
    expect(await commandsAmong(300)).toBe(await commandsAmong(100));
  });

  it('leaves nothing of workers that are gone', async () => {
    await pool.leave('w1');
    expect(await pool.redis.exists(pool.keys.of('carriers'), pool.keys.of('labels'))).toBe(0);
  });
});
