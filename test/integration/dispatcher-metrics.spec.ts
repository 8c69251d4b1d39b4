import { alertNames } from '@shunt/health';
import {
  affinities,
  Dispatcher,
  drain,
  drainBoundsMs,
  heartbeat,
  join,
  openRedis,
  orderBreaker,
  runBoundsMs,
  waitBoundsMs,
} from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { PoolMetrics } from '../../apps/dispatcher/src/pool-metrics.js';
import { configure } from '../support/configure.js';
import { loadReport } from '../support/load-report.js';
import { Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';
import { refusalOf } from '../support/refusal.js';
import { readScrape } from '../support/scrape.js';

/** The metrics of a connected dispatcher of the pool, and one sample of a scrape of now. */
async function watch(pool: TestPool) {
  const dispatcher = pool.dispatcher();
  const metrics = new PoolMetrics(pool.redis, pool.keys, pool.pool, dispatcher);
  await until(() => dispatcher.isConnected && dispatcher.leadership.isJudging);
  const nameOf = (name: string, labels = '') => `${name}{pool="${pool.pool}"${labels}}`;
  const read = async (name: string, labels?: string) => readScrape(await metrics.text()).get(nameOf(name, labels));
  return {
    dispatcher,
    metrics,
    nameOf,
    read,
    depth: (state: string) => read('shunt_queue_tasks', `,state="${state}"`),
  };
}

describe('the metrics of a pool', () => {
  it('start with every sample at zero', async ({ pool }) => {
    const { metrics, nameOf } = await watch(pool);
    await until(async () => (await pool.redis.hexists(pool.keys.of('scale'), 'advice')) === 1);
    const ours = [...readScrape(await metrics.text())].filter(
      ([name]) => name.startsWith('shunt_') && !name.startsWith('shunt_enqueue_seconds'),
    );
    const zeros = (name: string, bounds: readonly (number | string)[], labels = '') => ({
      ...Object.fromEntries(
        [...bounds, '+Inf'].map((le) => [
          nameOf(`${name}_bucket`, labels === '' ? `,le="${le}"` : `${labels},le="${le}"`),
          0,
        ]),
      ),
      [nameOf(`${name}_sum`, labels)]: 0,
      [nameOf(`${name}_count`, labels)]: 0,
    });
    const seconds = (bounds: readonly number[]) => bounds.map((ms) => ms / 1000);
    const breakerStates = ['closed', 'open', 'half-open'];
    const states = ['intake', 'yard', 'lane', 'mailbox', 'running', 'delayed'];
    expect(Object.fromEntries(ours)).toEqual({
      ...Object.fromEntries(states.map((state) => [nameOf('shunt_queue_tasks', `,state="${state}"`), 0])),
      ...Object.assign(
        {},
        ...affinities.map((affinity) =>
          zeros('shunt_task_wait_seconds', seconds(waitBoundsMs), `,affinity="${affinity}"`),
        ),
      ),
      ...zeros('shunt_task_eligible_wait_seconds', seconds(waitBoundsMs)),
      ...zeros('shunt_task_run_seconds', seconds(runBoundsMs), ',task="other"'),
      ...zeros('shunt_drain_seconds', seconds(drainBoundsMs)),
      [nameOf('shunt_queue_oldest_age_seconds')]: 0,
      [nameOf('shunt_pool_load')]: 0,
      [nameOf('shunt_desired_workers')]: 1,
      ...Object.fromEntries(
        ['busy', 'idle', 'paused', 'held'].map((state) => [nameOf('shunt_agents', `,state="${state}"`), 0]),
      ),
      ...Object.fromEntries(
        ['invalid', 'too-large', 'conflict', 'full', 'store', 'deadline', 'error'].map((reason) => [
          nameOf('shunt_tasks_rejected_total', `,reason="${reason}"`),
          0,
        ]),
      ),
      ...Object.fromEntries(
        alertNames.flatMap((alert) =>
          ['pending', 'firing'].map((state) => [nameOf('shunt_alerts', `,alert="${alert}",state="${state}"`), 0]),
        ),
      ),
      [nameOf('shunt_placements_total', ',decision="spill"')]: 0,
      [nameOf('shunt_attempts_total', ',outcome="completed"')]: 0,
      [nameOf('shunt_attempts_total', ',outcome="failed"')]: 0,
      [nameOf('shunt_attempts_total', ',outcome="postponed"')]: 0,
      [nameOf('shunt_tasks_finished_total', ',outcome="completed"')]: 0,
      [nameOf('shunt_tasks_finished_total', ',outcome="failed"')]: 0,
      [nameOf('shunt_tasks_finished_total', ',outcome="cancelled"')]: 0,
      [nameOf('shunt_placements_total', ',decision="new"')]: 0,
      [nameOf('shunt_placements_total', ',decision="moved"')]: 0,
      [nameOf('shunt_placements_total', ',decision="home"')]: 0,
      [nameOf('shunt_placements_total', ',decision="pinned"')]: 0,
      [nameOf('shunt_placements_total', ',decision="none"')]: 0,
      [nameOf('shunt_moves_total', ',reason="released"')]: 0,
      [nameOf('shunt_moves_total', ',reason="draining"')]: 0,
      [nameOf('shunt_moves_total', ',reason="evicted"')]: 0,
      [nameOf('shunt_moves_total', ',reason="breaker"')]: 0,
      ...Object.fromEntries(breakerStates.map((state) => [nameOf('shunt_breakers', `,state="${state}"`), 0])),
      ...Object.fromEntries(breakerStates.map((to) => [nameOf('shunt_breaker_transitions_total', `,to="${to}"`), 0])),
      [nameOf('shunt_moves_total', ',reason="idle-pull"')]: 0,
      [nameOf('shunt_moves_total', ',reason="straggler"')]: 0,
      [nameOf('shunt_moves_total', ',reason="evicted-state"')]: 0,
      [nameOf('shunt_agent_starts_total', ',home="warm"')]: 0,
      [nameOf('shunt_agent_starts_total', ',home="cold"')]: 0,
      [nameOf('shunt_patience_seconds')]: 5,
      [nameOf('shunt_move_budget')]: 0,
      [nameOf('shunt_stragglers')]: 0,
      [nameOf('shunt_config_version')]: 0,
      [nameOf('shunt_config_refused')]: 0,
      [nameOf('shunt_moves_total', ',reason="wrong-worker"')]: 0,
      [nameOf('shunt_moves_total', ',reason="retry-elsewhere"')]: 0,
      [nameOf('shunt_repairs_total', ',kind="current"')]: 0,
      [nameOf('shunt_repairs_total', ',kind="mailbox"')]: 0,
      [nameOf('shunt_repairs_total', ',kind="lane"')]: 0,
      ...Object.fromEntries(
        ['memory', 'tasks', 'age'].map((reason) => [nameOf('shunt_pool_full', `,reason="${reason}"`), 0]),
      ),
      [nameOf('shunt_data_sets_lost_total')]: 0,
      [nameOf('shunt_moves_total', ',reason="dead"')]: 0,
      [nameOf('shunt_moves_total', ',reason="labels"')]: 0,
      ...Object.fromEntries(
        ['up', 'out', 'draining', 'drained', 'dead', 'replaced'].map((state) => [
          nameOf('shunt_workers', `,state="${state}"`),
          0,
        ]),
      ),
      [nameOf('shunt_unserved_tasks')]: 0,
      [nameOf('shunt_lane_depth_max')]: 0,
      [nameOf('shunt_slots')]: 0,
      [nameOf('shunt_slots_used')]: 0,
      [nameOf('shunt_tasks_enqueued_total')]: 0,
      ...Object.fromEntries(
        ['memory', 'tasks', 'age'].map((reason) => [nameOf('shunt_tasks_turned_away_total', `,reason="${reason}"`), 0]),
      ),
      [nameOf('shunt_workers_lost_total')]: 0,
      [nameOf('shunt_tasks_poisoned_total')]: 0,
      [nameOf('shunt_leader')]: 1,
      [nameOf('shunt_leader_judging')]: 1,
      [nameOf('shunt_redis_up')]: 1,
    });
  });

  it('count agents with and without a task, and those that are paused', async ({ pool }) => {
    const { read } = await watch(pool);
    const client = pool.client();
    const agents = (state: string) => read('shunt_agents', `,state="${state}"`);
    const counts = async () => [await agents('busy'), await agents('idle'), await agents('paused')].join(' ');
    for (const agentId of ['a', 'b', 'c']) await client.enqueue('t', 0, { agentId });
    await client.agents.pause('c');
    await client.agents.pause('never came');
    await until(async () => (await counts()) === '2 0 2');
    pool.worker(async () => undefined);
    await until(async () => (await counts()) === '0 2 2');
    for (const id of ['c', 'never came']) await client.agents.resume(id);
    await until(async () => (await counts()) === '0 4 0');
  });

  it('tell workers by whether they receive, and why not', async ({ pool }) => {
    const { redis, keys } = pool;
    const { read } = await watch(pool);
    const [running, go] = [new Signal(), new Signal()];
    const stopping = pool.worker(async () => {
      running.resolve();
      await go.seen;
    });
    await pool.queue().add('turn', {});
    await running.seen;
    const stopped = stopping.close();
    const registration = { slots: 1, weight: 1, host: 'here', pid: 1 };
    const joined = (worker: string, leaseMs: number) =>
      join(redis, keys, { worker, incarnation: 'life' }, registration, leaseMs);
    for (const worker of ['up', 'out', 'drained']) await joined(worker, 600_000);
    for (const worker of ['dead', 'drained-and-dead']) await joined(worker, 1);
    await orderBreaker(redis, keys, 'out', 'open', { by: 'test' });
    for (const worker of ['drained', 'drained-and-dead']) await drain(redis, keys, worker, { by: 'test' });
    await until(async () => (await redis.hlen(keys.of('incarnations'))) === 4);
    const counts = async () => {
      const states = ['up', 'out', 'draining', 'drained', 'dead'];
      return (await Promise.all(states.map((state) => read('shunt_workers', `,state="${state}"`)))).join(' ');
    };
    await until(async () => (await counts()) === '1 1 1 2 1');
    go.resolve();
    await stopped;
  });

  it('tell waits by affinity, and starts of tasks of no agent', async ({ pool }) => {
    const { read } = await watch(pool);
    pool.worker(async () => undefined);
    const client = pool.client();
    const tasks = [
      client.enqueue('t', 0, { agentId: 'a', affinity: 'strict' }),
      client.enqueue('t', 0, { agentId: 'b', affinity: 'none' }),
      client.enqueue('t', 0, { agentId: 'c', affinity: 'soft' }),
      client.enqueue('t', 0, { agentId: 'd' }),
      client.enqueue('t', 0),
    ];
    for (const task of tasks) await (await task).result();
    const waited = (affinity: string) => read('shunt_task_wait_seconds_count', `,affinity="${affinity}"`);
    await until(async () => (await read('shunt_attempts_total', ',outcome="completed"')) === 5);
    expect([await waited('soft'), await waited('strict'), await waited('none')]).toEqual([2, 1, 2]);
    expect(await read('shunt_placements_total', ',decision="none"')).toBe(1);
    expect(await read('shunt_placements_total', ',decision="new"')).toBe(4);
  });

  it('count attempts, placements and waits of what ran', async ({ pool }) => {
    const { read } = await watch(pool);
    pool.worker(
      async (job) => {
        if (job.data.n === 9) throw new Error('no');
      },
      { concurrency: 3 },
    );
    const tasks = Array.from({ length: 10 }, (_, n) => ({ name: 'turn', data: { agentId: `a${n % 2}`, n } }));
    await pool.queue().addBulk(tasks);
    await until(async () => (await read('shunt_attempts_total', ',outcome="failed"')) === 1);
    await until(async () => (await read('shunt_attempts_total', ',outcome="completed"')) === 9);
    expect(await read('shunt_tasks_finished_total', ',outcome="completed"')).toBe(9);
    expect(await read('shunt_tasks_finished_total', ',outcome="failed"')).toBe(1);
    expect(await read('shunt_tasks_enqueued_total')).toBe(10);
    expect(await read('shunt_placements_total', ',decision="new"')).toBe(2);
    expect(await read('shunt_placements_total', ',decision="home"')).toBe(8);
    expect(await read('shunt_placements_total', ',decision="moved"')).toBe(0);
    expect(await read('shunt_task_wait_seconds_count', ',affinity="soft"')).toBe(10);
    expect(await read('shunt_task_eligible_wait_seconds_count')).toBe(10);
    expect(await read('shunt_task_wait_seconds_bucket', ',affinity="soft",le="+Inf"')).toBe(10);
    expect(await read('shunt_workers', ',state="up"')).toBe(1);
    expect(await read('shunt_slots')).toBe(3);
  });

  it('tell of agents that operators pinned and released', async ({ pool }) => {
    const { read } = await watch(pool);
    pool.worker(async () => undefined, { workerId: 'w1' });
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 1);
    const client = pool.client();
    const turn = async () => (await client.enqueue('turn', {}, { agentId: 'a' })).result();
    await client.agents.pin('a', 'w1');
    await turn();
    await client.agents.unpin('a');
    pool.worker(async () => undefined, { workerId: 'w2' });
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 2);
    await drain(pool.redis, pool.keys, 'w1', { by: 'test' });
    await client.agents.release('a');
    await turn();
    expect(await read('shunt_placements_total', ',decision="pinned"')).toBe(1);
    expect(await read('shunt_placements_total', ',decision="new"')).toBe(0);
    expect(await read('shunt_moves_total', ',reason="released"')).toBe(1);
  });

  it('tell what the pool has learned: cold cost, patience, moves and the warm share', async ({ pool }) => {
    const { redis, keys } = pool;
    const { read } = await watch(pool);
    pool.worker(async () => undefined);
    const client = pool.client();
    const turn = async (agentId: string) => (await client.enqueue('turn', {}, { agentId })).result();
    for (const agentId of ['a', 'b', 'a', 'a']) await turn(agentId);
    const starts = (home: string) => read('shunt_agent_starts_total', `,home="${home}"`);
    await until(async () => (await read('shunt_attempts_total', ',outcome="completed"')) === 4);
    expect([await starts('warm'), await starts('cold')]).toEqual([2, 2]);
    expect(await read('shunt_cold_cost_seconds')).toBeUndefined();

    // One that tells of 60 tasks more, which took 0.3 s where they were cold and 0.1 s where they were warm.
    const registration = { slots: 100, weight: 1, host: 'here', pid: 1 };
    const who = { worker: 'busy', incarnation: 'life' };
    const times = { warm: { tasks: 10, sumMs: 1000 }, cold: { tasks: 50, sumMs: 15_000 } };
    await join(redis, keys, who, registration, 600_000);
    await heartbeat(redis, keys, who, loadReport('life', { times, completed: 60, warm: 10, cold: 50 }), 600_000, 100);
    await until(async () => (await read('shunt_cold_cost_seconds')) === 0.2);
    expect(await read('shunt_patience_seconds')).toBe(0.4);
    // A tenth of a move for each of the 64 tasks.
    expect(await read('shunt_move_budget')).toBeCloseTo(6.4);
    expect([await starts('warm'), await starts('cold')]).toEqual([12, 52]);
  });

  it('tell of a full pool, and of the tasks it turned away, whoever sent them', async ({ pool }) => {
    const { dispatcher, metrics, read } = await watch(pool);
    const client = pool.client();
    const enqueue = () => client.enqueue('turn', {}, { agentId: 'a' });
    const full = (reason: string) => read('shunt_pool_full', `,reason="${reason}"`);
    const turnedAway = (reason: string) => read('shunt_tasks_turned_away_total', `,reason="${reason}"`);
    const isClosedBy = (reason: string) =>
      until(async () => (await pool.redis.get(pool.keys.of('closed')))?.startsWith(`${reason}:`) === true);
    await configure(pool, { maxWaiting: 1 }, dispatcher);
    await enqueue();
    await isClosedBy('tasks');
    expect([await full('memory'), await full('tasks'), await full('age')]).toEqual([0, 1, 0]);
    expect((await refusalOf(enqueue)).code).toBe('POOL_FULL');
    const many = await client.enqueueMany([1, 2, 3].map((n) => ({ task: 'turn', input: n })));
    expect(many.map(({ ok }) => ok)).toEqual([false, false, false]);
    // As the HTTP API sends one.
    await refusalOf(() => metrics.enqueues.one(enqueue));
    expect([await turnedAway('tasks'), await turnedAway('age')]).toEqual([5, 0]);
    expect(await read('shunt_tasks_rejected_total', ',reason="full"')).toBe(1);
    await configure(pool, { maxWaiting: 'none', maxWaitingAge: 100 }, dispatcher);
    await isClosedBy('age');
    expect([await full('memory'), await full('tasks'), await full('age')]).toEqual([0, 0, 1]);
    await refusalOf(enqueue);
    expect([await turnedAway('tasks'), await turnedAway('age')]).toEqual([5, 1]);
  });

  it('tell how often a strategy in the shadow agrees, from zero on', async ({ pool }) => {
    const { dispatcher, read } = await watch(pool);
    await configure(pool, { shadowStrategy: 'round-robin' }, dispatcher);
    const decisions = (outcome: string) =>
      read('shunt_shadow_decisions_total', `,strategy="round-robin",outcome="${outcome}"`);
    expect([await decisions('agreed'), await decisions('differed'), await decisions('failed')]).toEqual([0, 0, 0]);
    pool.worker(async () => undefined);
    const client = pool.client();
    // A worker that looks first takes the task itself, which is no decision.
    while ((await decisions('agreed')) === 0) await (await client.enqueue('turn', {})).result();
    expect([await decisions('differed'), await decisions('failed')]).toEqual([0, 0]);
  });

  it('tell tasks by where they are', async ({ pool }) => {
    const { dispatcher, depth, read } = await watch(pool);
    const running = new Signal();
    const go = new Signal();
    pool.worker(async (job) => {
      if (job.name !== 'long') return;
      running.resolve();
      await go.seen;
    });
    const queue = pool.queue();
    const add = (name: string, agentId: string, delay = 0) => queue.add(name, { agentId }, { delay });
    await add('short', 'settled');
    await until(async () => (await queue.getCompletedCount()) === 1);
    await add('long', 'busy');
    await running.seen;
    await add('short', 'busy');
    await add('short', 'settled');
    await add('short', 'new');
    await add('short', 'later', 600_000);
    await until(async () => (await depth('intake')) === 0 && (await depth('yard')) === 1);
    await dispatcher.stop();
    const reader = new Dispatcher({ redis: pool.url, pool: pool.pool });
    await until(() => reader.isConnected);
    await add('short', 'arrived');
    const metrics = new PoolMetrics(pool.redis, pool.keys, pool.pool, reader);
    const scrape = readScrape(await metrics.text());
    await reader.stop();
    go.resolve();
    const depths = [...scrape].filter(([name]) => name.startsWith('shunt_queue_tasks')).map(([, value]) => value);
    expect(depths).toEqual([1, 1, 1, 1, 1, 1]);
    expect(scrape.get(`shunt_lane_depth_max{pool="${pool.pool}"}`)).toBe(1);
    expect(scrape.get(`shunt_slots_used{pool="${pool.pool}"}`)).toBe(1);
    expect(await read('shunt_redis_up')).toBe(0);
  });

  it('tell the same in several scrapes at once', async ({ pool }) => {
    const { metrics, read, nameOf } = await watch(pool);
    pool.worker(async () => undefined);
    await pool.queue().addBulk(Array.from({ length: 5 }, (_, n) => ({ name: 'turn', data: { agentId: `a${n}` } })));
    await until(async () => (await read('shunt_attempts_total', ',outcome="completed"')) === 5);
    const texts = await Promise.all([metrics.text(), metrics.text(), metrics.text()]);
    const name = nameOf('shunt_attempts_total', ',outcome="completed"');
    expect(texts.map((text) => readScrape(text).get(name))).toEqual([5, 5, 5]);
  });

  it('say that Redis is down, and nothing of the pool, where reading fails', async ({ pool }) => {
    const { dispatcher } = await watch(pool);
    const nowhere = openRedis('redis://127.0.0.1:1', { maxRetriesPerRequest: 1, commandTimeout: 2000 });
    nowhere.on('error', () => undefined);
    const text = await new PoolMetrics(nowhere, pool.keys, pool.pool, dispatcher).text();
    nowhere.disconnect();
    const names = [...readScrape(text)].filter(([name]) =>
      /^shunt_(queue|task_|tasks_enq|attempts|placements)/.test(name),
    );
    expect(names).toEqual([]);
    expect(text).toContain(`shunt_redis_up{pool="${pool.pool}"} 0`);
  });

  it('tell how long attempts took by task, and how late the next task is', async ({ pool }) => {
    const { dispatcher, read } = await watch(pool);
    const worker = pool.worker(async (job) => {
      if (job.name === 'bad') throw new Error('no');
    });
    await pool.queue().addBulk(['turn', 'turn', 'bad'].map((name) => ({ name, data: {} })));
    await until(async () => (await read('shunt_attempts_total', ',outcome="failed"')) === 1);
    await until(async () => (await read('shunt_task_run_seconds_count', ',task="turn"')) === 2);
    expect(await read('shunt_task_run_seconds_count', ',task="bad"')).toBe(1);
    await worker.close();
    await pool.queue().add('turn', {}, { timestamp: Date.now() - 90_000 });
    await until(async () => (await read('shunt_queue_tasks', ',state="yard"')) === 1);
    expect(await read('shunt_queue_oldest_age_seconds')).toBeGreaterThanOrEqual(90);
    expect(await read('shunt_pool_load')).toBe(1);
    expect(dispatcher.drains.sumMs).toBe(0);
  });

  it('time a drain', async ({ pool }) => {
    const { read } = await watch(pool);
    const running = new Signal();
    const go = new Signal();
    pool.worker(
      async () => {
        running.resolve();
        await go.seen;
      },
      { workerId: 'w1' },
    );
    await pool.queue().add('turn', {});
    await running.seen;
    await drain(pool.redis, pool.keys, 'w1', { by: 'test' });
    // The leader has to see it under way: it looks between two renewals of its lease.
    const renewals = new Set<string | null>();
    await until(async () => renewals.add(await pool.redis.hget(pool.keys.of('leader'), 'expiresAt')).size === 3);
    go.resolve();
    await until(async () => (await read('shunt_drain_seconds_count')) === 1);
  });

  it('are fewer than 2,000 series with 100 workers and many task names', async ({ pool }) => {
    const { metrics } = await watch(pool);
    for (let n = 0; n < 100; n++) {
      const registration = JSON.stringify({ slots: 4, weight: 1, host: 'h', pid: 1 });
      await pool.redis.hset(pool.keys.of('workers'), `w${n}`, registration);
      await pool.redis.hset(pool.keys.of('load'), `w${n}`, JSON.stringify(loadReport('life')));
    }
    const totals = Array.from({ length: 21 }, (_, n) => [`run:0:task ${n}`, '5', `run:ms:task ${n}`, '9']);
    await pool.redis.hset(pool.keys.of('totals'), ...(totals.flat() as [string, string]));
    const samples = readScrape(await metrics.text());
    expect(samples.size).toBeLessThan(2000);
    const tasks = [...samples.keys()].filter((name) => name.startsWith('shunt_task_run_seconds_count'));
    expect(tasks).toHaveLength(21);
  });
});
