import { describe, expect, vi } from 'vitest';
import type { TestPool } from '../../../../test/support/pool.js';
import { it, until } from '../../../../test/support/pool-test.js';
import { WorkerFigures } from '../placement/worker-figures.js';
import type { YardPlacer } from '../placement/yard-placer.js';
import { dispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { join } from '../registry.js';
import { LeaderDuties, type LeaderDutiesOptions } from './leader-duties.js';

const registration = { slots: 1, weight: 1, host: 'h', pid: 1 };

/** The duties of a leader, who does them when the test says so. */
function dutiesOf({ redis, keys }: TestPool, options: Partial<LeaderDutiesOptions>): LeaderDuties {
  return new LeaderDuties(redis, keys, {
    tuning: { current: dispatcherTuning({}, {}) },
    figures: new WorkerFigures(redis, keys),
    placer: { place: async () => undefined } as unknown as YardPlacer,
    ...{ leaseMs: 10_000, sweepMs: 2000, marginMs: 1000, maxStalledCount: 3, signal: new AbortController().signal },
    hasLostData: () => false,
    onAlert: async () => undefined,
    onLost: () => undefined,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

describe('a round of the leader', () => {
  it("reads the pool's figures once, with limits of what may wait as well", async ({ pool }) => {
    const tuning = { current: dispatcherTuning({ maxWaiting: 10, maxWaitingAge: 60_000 }, {}) };
    const reads = vi.spyOn(pool.redis, 'hgetall');
    await dutiesOf(pool, { tuning }).round(1, () => true);
    expect(reads.mock.calls.filter(([key]) => key === pool.keys.of('totals'))).toHaveLength(1);
  });
});

describe('a duty of the leader that fails again and again', () => {
  it('is told, and the others are done', async ({ pool }) => {
    const { redis, keys } = pool;
    for (const name of ['expiring', 'closed']) await redis.hset(keys.of(name), 'no', 'such type');
    const dispatcher = pool.dispatcher();
    await until(async () => (await redis.hexists(keys.of('scale'), 'advice')) === 1);
    expect(dispatcher.leadership.term).toBeGreaterThan(0);
    expect(pool.errors[0]?.message).toContain('WRONGTYPE');
  });

  it('leaves no dead worker alone because of another one', async ({ pool }) => {
    const { redis, keys } = pool;
    for (const worker of ['a', 'b']) await join(redis, keys, { worker, incarnation: '1' }, registration, 1);
    await redis.set(keys.lane('a', 'prioritized'), 'no list');
    pool.dispatcher();
    await until(async () => (await redis.hkeys(keys.of('incarnations'))).join() === 'a');
    await until(() => pool.errors.some(({ message }) => message.includes('WRONGTYPE')));
  });

  it('is told once a round where Redis refuses whatever is written', async ({ pool }) => {
    const refused = Object.assign(new Error('MISCONF no disk'), { name: 'ReplyError' });
    const told: unknown[] = [];
    const duties = dutiesOf(pool, {
      placer: { place: () => Promise.reject(refused) } as unknown as YardPlacer,
      onError: (error) => told.push(error),
    });
    duties.drains.look = () => {
      throw refused;
    };
    for (const round of [1, 2]) {
      await duties.round(1, () => true);
      expect(told).toHaveLength(round);
    }
  });
});
