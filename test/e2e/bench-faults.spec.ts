import { expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { trialsOf } from '../support/e2e/trials.js';
import { redisFaults } from '../support/redis-faults/redis-faults.js';

const start = commands();
const { out, found } = trialsOf('faults');
const ofRedis = trialsOf('faults-redis');

it('counts, when leaders stop, workers fail and a long lane is evicted, what no speed of the machine excuses', async () => {
  const small = ['--size', '0.1', '--rounds', '1', '--out', out];
  const faults = ['--only', 'leader', 'failover-test', 'all-failing', 'one-failing', 'evict'];
  const bench = start(['npm', 'run', 'bench:faults', '--', ...small, ...faults]);
  expect(await bench.ended(), bench.output).toBe(0);

  const values = found();
  expect(values.get('workers declared dead, one dispatcher')).toEqual([0]);
  expect(values.get('workers declared dead, another takes over')).toEqual([0]);
  expect(values.get('tasks started twice')).toEqual([0]);
  expect(values.get('leader killed to the next one leading, test profile')).toHaveLength(1);
  const moves = values.get('moves per task, all failing, openings of 5 s') ?? [];
  expect(moves).toHaveLength(30);
  expect(Math.max(...moves)).toBeLessThanOrEqual(2);
  expect(values.get('breakers not closed of 6, openings of 5 s')?.[0]).toBeLessThanOrEqual(2);
  expect(values.get('tasks that met a failing worker')?.[0]).toBeLessThanOrEqual(20);
  expect(values.get('evicted tasks not in one list, or not run once')).toEqual([0]);
  expect(values.get('Redis time to evict 1000 agents')?.[0]).toBeGreaterThan(0);
});

it('has a pool go on however Redis was broken, and a producer told so by no other code', async () => {
  const small = ['--size', '0.1', '--rounds', '1', '--out', ofRedis.out];
  const bench = start(['npm', 'run', 'bench:faults', '--', ...small, '--only', 'redis']);
  expect(await bench.ended(), bench.output).toBe(0);

  const values = ofRedis.found();
  for (const { name } of redisFaults.flat()) {
    expect(values.get(`Redis ${name}: first start`), name).toHaveLength(1);
    expect(values.get(`Redis ${name}: first task accepted`), name).toHaveLength(1);
  }
  expect(values.get('refusals with another code')).toEqual([0]);
});

it('refuses a fault it does not know', async () => {
  const bench = start(['npm', 'run', 'bench:faults', '--', '--only', 'flood', '--out', out]);
  expect(await bench.ended()).toBe(64);
  expect(bench.output).toContain('--only must name faults');
});
