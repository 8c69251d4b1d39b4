import { fileURLToPath } from 'node:url';
import type { TaskHandle } from '@shunt/sdk';
import { describe, expect, onTestFinished } from 'vitest';
import { BuiltProcess } from '../support/harness/built-process.js';
import type { TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

const handlers = fileURLToPath(new URL('../support/harness/stubborn-handlers.mjs', import.meta.url));

/** One of the apps, as a process of its own, once it tells that it runs. */
async function app(pool: TestPool, name: 'worker' | 'dispatcher', settings: Record<string, string>) {
  const own = { SHUNT_REDIS_URL: pool.url, SHUNT_POOL: pool.pool, SHUNT_HTTP_PORT: '0' };
  const running = new BuiltProcess(`apps/${name}/src/main.js`, [], { ...own, ...settings });
  onTestFinished(() => running.end());
  await running.message();
  return running;
}

/** A registered worker process `w1` of one slot. */
async function workerOf(pool: TestPool, settings: Record<string, string> = {}) {
  const timing = { SHUNT_HEARTBEAT: '100ms', SHUNT_LEASE: '5s', SHUNT_SLOTS: '1' };
  const worker = await app(pool, 'worker', {
    SHUNT_WORKER_ID: 'w1',
    SHUNT_HANDLERS: handlers,
    ...timing,
    ...settings,
  });
  await until(async () => (await pool.redis.hexists(pool.keys.of('routable'), 'w1')) === 1);
  return worker;
}

/** A worker of this process that does all it gets. */
const helper = (pool: TestPool) => pool.worker(async ({ attemptsMade }) => attemptsMade, { workerId: 'w2' });

const untilIn = (state: string, task: TaskHandle) => until(async () => (await task.status()).state === state);
const jobOf = (pool: TestPool, { id }: TaskHandle) => pool.queue().getJob(id);
const untilHeard = (pool: TestPool, task: TaskHandle, reason: string) =>
  until(async () => JSON.stringify((await jobOf(pool, task))?.progress) === JSON.stringify({ heard: reason }));

describe('a worker process that is told to stop', () => {
  it('gives what waits to others at once, takes nothing new, ends what runs, and exits with 0', async ({ pool }) => {
    pool.dispatcher();
    const client = pool.client();
    const worker = await workerOf(pool, { SHUNT_SHUTDOWN_GRACE: '1h' });
    const agents = ['b', 'c'].map((agentId) => ({ agentId }));
    for (const agent of agents) await (await client.enqueue('echo', null, agent)).result();
    const running = await client.enqueue('heeds', null, { agentId: 'a' });
    await untilIn('running', running);
    const waiting = await Promise.all(agents.map((agent) => client.enqueue('echo', null, agent)));
    for (const task of waiting) await untilIn('lane', task);
    helper(pool);
    worker.child.kill('SIGTERM');
    for (const task of waiting) await task.result();
    await (await client.enqueue('echo', null, { agentId: 'd' })).result();
    const doneBy = await Promise.all(waiting.map(async (task) => (await jobOf(pool, task))?.processedBy));
    expect(doneBy).toEqual(['w2', 'w2']);
    expect(await running.status()).toMatchObject({ state: 'running', worker: 'w1' });
    expect(await running.cancel()).toBe('cancelling');
    expect(await worker.exit()).toMatchObject({ code: 0, stderr: '' });
    expect(await pool.redis.hexists(pool.keys.of('workers'), 'w1')).toBe(0);
  });

  it('aborts after its grace, gives that back uncounted with all behind it, and exits with 1', async ({ pool }) => {
    pool.dispatcher();
    const client = pool.client();
    const worker = await workerOf(pool, { SHUNT_SHUTDOWN_GRACE: '20ms', SHUNT_SHUTDOWN_ABORT: '1h' });
    const task = await client.enqueue('heeds', null, { agentId: 'a' });
    const next = await client.enqueue('echo', null, { agentId: 'a' });
    await untilIn('running', task);
    worker.child.kill('SIGTERM');
    const { code, stdout } = await worker.exit();
    expect(code).toBe(1);
    expect(stdout).toContain('"outcome":"handed-back","running":0,"msg":"worker stopped"');
    expect((await jobOf(pool, task))?.progress).toEqual({ heard: 'shutdown' });
    expect(await task.status()).toMatchObject({ state: 'yard', attemptsMade: 0 });
    expect(await pool.redis.hexists(pool.keys.of('workers'), 'w1')).toBe(0);
    helper(pool);
    expect([await task.result(), await next.result()]).toEqual([0, 0]);
  });

  it('exits with 2 when a handler ignores the abort: its task goes to others once the lease is over', async ({
    pool,
  }) => {
    pool.dispatcher();
    const client = pool.client();
    const worker = await workerOf(pool, { SHUNT_SHUTDOWN_GRACE: '20ms', SHUNT_SHUTDOWN_ABORT: '3s' });
    const task = await client.enqueue('ignores', null, { agentId: 'a' });
    const next = await client.enqueue('echo', null, { agentId: 'a' });
    await untilIn('running', task);
    worker.child.kill('SIGTERM');
    const { code, stdout } = await worker.exit();
    expect(code).toBe(2);
    expect(stdout).toContain('"outcome":"forced","running":1,"msg":"worker stopped"');
    expect((await jobOf(pool, task))?.progress).toEqual({ heard: 'shutdown' });
    helper(pool);
    expect([await task.result(), await next.result()]).toEqual([0, 0]);
    const journal = JSON.stringify(await pool.redis.xrange(pool.keys.of('journal'), '-', '+'));
    expect(journal).toMatch(/"evicted","worker","w1","reason","dead","running","1"/);
    expect(await pool.redis.hget(pool.keys.of(task.id), 'stc')).toBe('1');
  });

  it('exits with 2 at once on a second signal', async ({ pool }) => {
    pool.dispatcher();
    const worker = await workerOf(pool, { SHUNT_SHUTDOWN_GRACE: '1h' });
    await untilIn('running', await pool.client().enqueue('heeds', null, { agentId: 'a' }));
    worker.child.kill('SIGTERM');
    await until(() => worker.stdout.includes('worker stopping'));
    worker.child.kill('SIGINT');
    const { code, stdout } = await worker.exit();
    expect(code).toBe(2);
    expect(stdout).toContain('"msg":"told to stop once more: ends at once"');
    expect(stdout).not.toContain('stopped');
  });
});

describe('a handler in a worker process that ignores its signal', () => {
  it.for(['timeout', 'cancelled'])(
    'when it is aborted for %s keeps its slot and its agent',
    async (reason, { pool }) => {
      pool.dispatcher();
      const client = pool.client();
      const worker = await workerOf(pool, { SHUNT_SHUTDOWN_GRACE: '20ms', SHUNT_SHUTDOWN_ABORT: '20ms' });
      const options = reason === 'timeout' ? { timeout: 50 } : {};
      const task = await client.enqueue('ignores', null, { agentId: 'a', attempts: 2, ...options });
      const next = await client.enqueue('echo', null, { agentId: 'a' });
      const other = await client.enqueue('echo', null, { agentId: 'b' });
      await untilIn('running', task);
      if (reason === 'cancelled') expect(await task.cancel()).toBe('cancelling');
      await untilHeard(pool, task, reason);
      const states = await Promise.all([task, next, other].map(async (each) => (await each.status()).state));
      expect(states).toEqual(['running', 'mailbox', 'yard']);
      worker.child.kill('SIGTERM');
      expect(await worker.exit()).toMatchObject({ code: 2 });
      helper(pool);
      expect([await next.result(), await other.result()]).toEqual([0, 0]);
      const end = reason === 'timeout' ? 'completed' : 'failed';
      expect((await task.status()).state).toBe(end);
    },
  );
});

describe('a dispatcher process that is told to stop', () => {
  it('gives its lead up, so that another one leads without waiting for its lease, and exits with 0', async ({
    pool,
  }) => {
    const first = await app(pool, 'dispatcher', { SHUNT_LEASE: '1h' });
    const leader = () => pool.redis.hget(pool.keys.of('leader'), 'id');
    await until(async () => Boolean(await leader()));
    const next = pool.dispatcher();
    first.child.kill('SIGTERM');
    const { stdout, ...rest } = await first.exit();
    expect(rest).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('"outcome":"clean","msg":"dispatcher stopped"');
    await until(() => next.leadership.term > 0);
    expect(await leader()).toBe(next.id);
  });
});
