import { describe, expect, it } from 'vitest';
import { TypedPool } from '../support/e2e/apps.js';
import type { Command } from '../support/e2e/command.js';
import { commands } from '../support/e2e/commands.js';

const start = commands();

/** Sends a signal to the worker's own process, not to the npm above it. */
function signal(worker: Command, name: NodeJS.Signals): void {
  process.kill(worker.family.one(/scripts\/run\.mjs worker/).pid, name);
}

/** A worker with a task of agent `a` that takes a second, and one behind it. */
async function busyWorker() {
  const pool = new TypedPool(start);
  pool.test.dispatcher();
  const events = await pool.test.events();
  const worker = pool.worker({ SHUNT_WORKER_ID: 'w1' });
  const queue = pool.test.queue();
  const running = await queue.add('sleep', { agentId: 'a', ms: 1000 });
  const waiting = await queue.add('echo', { agentId: 'a', n: 2 });
  const task = pool.test.client().task(running.id ?? '');
  await expect.poll(async () => (await task.status()).state, { timeout: 60_000, interval: 20 }).toBe('running');
  const allRunBy = async (id: string) => {
    expect(await running.waitUntilFinished(events, 60_000)).toEqual({ home: 'cold' });
    expect(await waiting.waitUntilFinished(events, 60_000)).toEqual({ agentId: 'a', n: 2 });
    for (const job of [running, waiting]) expect((await queue.getJob(job.id ?? ''))?.processedBy).toBe(id);
  };
  return { pool, worker, allRunBy };
}

describe('npm run worker', () => {
  it('that is killed has its tasks, running and waiting, run by another in their order', async () => {
    const { pool, worker, allRunBy } = await busyWorker();
    signal(worker, 'SIGKILL');
    const other = pool.worker({ SHUNT_WORKER_ID: 'w2' });
    await allRunBy('w2');
    other.interrupt();
    expect(await other.ended()).toBe(0);
    await worker.ended();
  });

  it('that is stopped for longer than its lease loses its tasks, says so when it goes on, and works again', async () => {
    const { pool, worker, allRunBy } = await busyWorker();
    signal(worker, 'SIGSTOP');
    const other = pool.worker({ SHUNT_WORKER_ID: 'w2' });
    await allRunBy('w2');
    signal(worker, 'SIGCONT');
    // None where it was stopped before it heard that it has the task.
    await worker.said(/worker w1 lost its lease: its [01] tasks are aborted and may run again/);
    other.interrupt();
    expect(await other.ended()).toBe(0);
    const job = await pool.test.queue().add('echo', { agentId: 'a', n: 3 });
    expect(await job.waitUntilFinished(await pool.test.events(), 60_000)).toEqual({ agentId: 'a', n: 3 });
    worker.interrupt();
    expect(await worker.ended()).toBe(0);
  });

  it('that finds its id in use by another process exits with 1 and says why', async () => {
    const { pool, worker, allRunBy } = await busyWorker();
    const again = pool.worker({ SHUNT_WORKER_ID: 'w1' });
    expect(await again.ended()).toBe(1);
    const why = 'worker id w1 is in use by another process: give each process an id of its own';
    expect(again.output).toMatch(new RegExp(`^\\{"level":60,.*"msg":"${why}"\\}$`, 'm'));
    expect(again.output).not.toMatch(new RegExp(`^${why}`, 'm'));
    expect(again.output).not.toContain('process.exit');
    await allRunBy('w1');
    worker.interrupt();
    expect(await worker.ended()).toBe(0);
  });
});
