import { setTimeout as sleep } from 'node:timers/promises';
import { readKept } from '@shunt/lanes';
import { describe, expect, onTestFinished } from 'vitest';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';
import { TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

/** What the journal tells of repairs, by agent. */
async function repairsOf(pool: {
  redis: { xrange(key: string, from: string, to: string): Promise<unknown> };
  keys: { of(name: string): string };
}) {
  const entries = (await pool.redis.xrange(pool.keys.of('journal'), '-', '+')) as [string, string[]][];
  return entries
    .map(([, fields]) => fields)
    .filter((fields) => fields[1] === 'repaired')
    .map((fields) => `${fields[3]}: ${fields[5]}`);
}

describe('the watchdog', () => {
  it('has an agent go on whose current task is in no list, and tells so', async ({ pool }) => {
    const client = pool.client();
    const [lost, next] = [
      await client.enqueue('turn', 1, { agentId: 'a' }),
      await client.enqueue('turn', 2, { agentId: 'a' }),
    ];
    await pool.redis.zrem(pool.keys.of('yard'), lost.id);
    const dispatcher = pool.dispatcher();
    pool.worker(async (job) => job.data);
    expect(await Promise.all([lost.result(), next.result()])).toEqual([1, 2]);
    await until(() => dispatcher.watchdog.repairs.current > 0);
    expect(dispatcher.watchdog.repairs).toEqual({ current: 1, mailbox: 0, lane: 0 });
    expect(await repairsOf(pool)).toEqual(['a: current task was in no list']);
  });

  it('has an agent go on whose current task has ended or is gone', async ({ pool }) => {
    const client = pool.client();
    for (const agentId of ['ended', 'gone']) await client.enqueue('turn', 0, { agentId, id: 'first' });
    const waiting = await Promise.all(['ended', 'gone'].map((agentId) => client.enqueue('turn', agentId, { agentId })));
    await pool.redis.del(pool.keys.of('yard'), pool.keys.of('gone~first'));
    await pool.redis.hset(pool.keys.of('ended~first'), 'finishedOn', 1);
    pool.dispatcher();
    pool.worker(async (job) => job.data);
    expect(await Promise.all(waiting.map((task) => task.result()))).toEqual(['ended', 'gone']);
  });

  it('has a mailbox go on that waits for nobody', async ({ pool }) => {
    const client = pool.client();
    const [first, next] = [
      await client.enqueue('turn', 1, { agentId: 'a' }),
      await client.enqueue('turn', 2, { agentId: 'a' }),
    ];
    await pool.redis.del(pool.keys.of('agent:a'), pool.keys.of('yard'));
    await pool.redis.del(pool.keys.of(first.id));
    const dispatcher = pool.dispatcher();
    pool.worker(async (job) => job.data);
    expect(await next.result()).toBe(2);
    await until(() => dispatcher.watchdog.repairs.mailbox > 0);
    expect(dispatcher.watchdog.repairs.mailbox).toBe(1);
  });

  it('has the tasks of a lane that nobody owns run elsewhere', async ({ pool }) => {
    const task = await pool.client().enqueue('turn', 1, { agentId: 'a' });
    await pool.redis.zrem(pool.keys.of('yard'), task.id);
    await pool.redis.hset(pool.keys.of('agent:a'), 'home', 'ghost');
    await pool.redis.zadd(pool.keys.lane('ghost', 'prioritized'), 1, task.id);
    const dispatcher = pool.dispatcher();
    pool.worker(async (job) => job.data);
    expect(await task.result()).toBe(1);
    await until(() => dispatcher.watchdog.repairs.lane === 1);
    expect(dispatcher.watchdog.repairs).toEqual({ current: 0, mailbox: 0, lane: 1 });
    expect(await repairsOf(pool)).toEqual(["ghost: its lane was nobody's"]);
    const isPending = async () => 'stuck_agent' in (await readKept(pool.redis, pool.keys));
    await until(isPending);
  });

  it('puts one of each kind right within a sweep', async () => {
    const redis = new RedisOfTest();
    await redis.up();
    const pool = new TestPool(redis.url);
    onTestFinished(() => pool.close());
    const { leadership, sweep, watchdog } = pool.dispatcher({ sweep: 600_000, lease: 1_800_000 });
    await until(() => leadership.term > 0);
    const { keys } = pool;
    const client = pool.client();
    const [lost, behind, stranded] = await Promise.all(
      ['a', 'b', 'c'].map((agentId) => client.enqueue('turn', agentId, { agentId })),
    );
    const next = await client.enqueue('turn', 'next', { agentId: 'b' });
    await pool.redis.del(keys.of('yard'), keys.of('agent:b'), keys.of(behind?.id ?? ''));
    await pool.redis.hset(keys.of('agent:c'), 'home', 'ghost');
    await pool.redis.zadd(keys.lane('ghost', 'prioritized'), 1, stranded?.id ?? '');
    await sweep.run(leadership.term, () => true);
    expect(watchdog.repairs).toEqual({ current: 1, mailbox: 1, lane: 1 });
    const waiting = await pool.redis.zrange(keys.of('yard'), '0', '-1');
    expect(waiting.sort()).toEqual([lost?.id, next.id, stranded?.id].sort());
    expect((await repairsOf(pool)).sort()).toEqual([
      'a: current task was in no list',
      'b: mailbox waited for nobody',
      "ghost: its lane was nobody's",
    ]);
  });

  it('counts no lane of a worker that leaves while it looks', async ({ pool }) => {
    const { redis, keys } = pool;
    await redis.zadd(keys.lane('leaver', 'prioritized'), 1, 'a~1');
    const dispatcher = pool.dispatcher({ sweep: 600_000, lease: 1_800_000 });
    await until(() => dispatcher.leadership.term > 0);
    let unregistered: readonly string[] = [];
    // One look goes through a part of a database that others fill as well.
    await until(async () => {
      unregistered = await dispatcher.watchdog.look(dispatcher.leadership.term);
      return unregistered.length > 0;
    });
    await redis.del(keys.lane('leaver', 'prioritized'));
    expect(unregistered).toEqual(['leaver']);
    expect(dispatcher.watchdog.repairs.lane).toBe(0);
  });

  it('finds nothing where tasks wait, run, back off and are delayed', async ({ pool }) => {
    const dispatcher = pool.dispatcher({ sweep: 20 });
    const queue = pool.queue();
    pool.worker(
      async (job) => {
        await sleep(5);
        if (job.attemptsMade === 0) throw new Error('once');
      },
      { concurrency: 4 },
    );
    const options = [
      { attempts: 2, backoff: 30 },
      { attempts: 2, delay: 50 },
      { attempts: 2, priority: 3 },
    ];
    const jobs = Array.from({ length: 300 }, (_, n) => ({
      name: 't',
      data: { agentId: `a${n % 40}` },
      opts: options[n % 3] ?? {},
    }));
    await queue.addBulk(jobs);
    await until(async () => (await queue.getCompletedCount()) === 300);
    expect(dispatcher.watchdog.repairs).toEqual({ current: 0, mailbox: 0, lane: 0 });
    expect(pool.errors).toEqual([]);
  });
});
