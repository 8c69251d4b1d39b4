import { checkup } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { Signal } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

describe('a checkup', () => {
  it('finds nothing in a pool that works, nor changes anything', async ({ pool }) => {
    pool.dispatcher();
    const go = new Signal();
    pool.worker(() => go.seen);
    await pool.queue().addBulk(['a', 'a', 'b'].map((agentId) => ({ name: 'turn', data: { agentId } })));
    await until(async () => (await pool.client().pool.stats()).tasks.running === 1);
    const found = await checkup(pool.redis, pool.keys);
    expect(found).toMatchObject({ orphanLanes: [], stuckAgents: [] });
    go.resolve();
  });

  it('names lanes without a worker, and agents whose current task is nowhere', async ({ pool }) => {
    await pool.redis.zadd(pool.keys.lane('ghost', 'prioritized'), 1, 'a~1');
    await pool.redis.hset(pool.keys.of('agent:gone'), 'cur', 'gone~1');
    await pool.redis.zadd(pool.keys.of('mailbox:left'), 1, 'left~2');
    expect(await checkup(pool.redis, pool.keys)).toEqual({
      orphanLanes: ['ghost'],
      stuckAgents: ['gone', 'left'],
      agents: 2,
    });
  });
});
