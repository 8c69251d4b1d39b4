import type { Job } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { answers, endpointOf, TypedPool } from '../support/e2e/apps.js';
import { commands } from '../support/e2e/commands.js';
import { readScrape } from '../support/scrape.js';

const start = commands();

describe('npm run dispatcher and npm run worker', () => {
  it('serve what a plain BullMQ queue adds, with handlers of a module and the built-in ones', async () => {
    const pool = new TypedPool(start);
    const apps = [pool.dispatcher(), pool.worker({ SHUNT_SLOTS: '8', SHUNT_HANDLERS: './examples/handlers.mjs' })];
    const events = await pool.test.events();
    const queue = pool.test.queue();
    const result = async (name: string, data: object) => (await queue.add(name, data)).waitUntilFinished(events);

    expect(await result('greet', { agentId: 'Ada', name: 'Ada' })).toBe('hello Ada, for the 1. time, cold');
    expect(await result('greet', { agentId: 'Ada', name: 'Ada' })).toBe('hello Ada, for the 2. time, warm');
    expect(await result('echo', { agentId: 'Bob', n: 1 })).toEqual({ agentId: 'Bob', n: 1 });
    expect(await result('sleep', { agentId: 'Bob', ms: 1 })).toEqual({ home: 'warm' });
    await expect(result('sing', {})).rejects.toThrow('no worker has a handler for task "sing"');

    const endpoints = await Promise.all(apps.map(endpointOf));
    for (const endpoint of endpoints) await answers(endpoint, '/livez', 200);
    for (const endpoint of endpoints) await answers(endpoint, '/readyz', 200);
    const [ofDispatcher, ofWorker] = await Promise.all(
      endpoints.map(async (endpoint) => (await fetch(`${endpoint}/metrics`)).text()),
    );
    expect(ofDispatcher).toMatch(/^shunt_queue_tasks\{pool="t-\w+",state="intake"\} 0$/m);
    expect(ofWorker).toMatch(/^shunt_worker_slots 8$/m);
    expect(ofWorker).toMatch(/^shunt_worker_lane_tasks 0$/m);
    const machine = readScrape(ofWorker ?? '');
    const host = ['cpu_seconds_total{mode="user"}', 'memory_bytes{state="free"}', 'disk_bytes{state="total"}'];
    for (const name of [...host.map((name) => `host_${name}`), 'event_loop_ratio']) {
      expect(machine.get(`shunt_${name}`), name).toBeGreaterThan(0);
    }
    const [free = -1, total = 0] = ['free', 'total'].map((state) =>
      machine.get(`shunt_host_disk_bytes{state="${state}"}`),
    );
    expect([free >= 0, free <= total]).toEqual([true, true]);

    for (const app of apps) app.interrupt();
    expect(await Promise.all(apps.map((app) => app.ended()))).toEqual([0, 0]);
  });
});

async function running(pool: TypedPool, { id = '' }: Job): Promise<void> {
  const task = pool.test.client().task(id);
  await expect.poll(async () => (await task.status()).state, { timeout: 60_000 }).toBe('running');
}

describe('npm run worker, told to stop', () => {
  it('waits for what runs and exits with 0', async () => {
    const pool = new TypedPool(start);
    pool.test.dispatcher();
    const worker = pool.worker({ SHUNT_SHUTDOWN_GRACE: '30s' });
    const events = await pool.test.events();
    const job = await pool.test.queue().add('sleep', { agentId: 'a', ms: 1500 });
    await running(pool, job);
    worker.signal('SIGTERM');
    expect(await worker.ended()).toBe(0);
    expect(await job.waitUntilFinished(events, 60_000)).toEqual({ home: 'cold' });
  });

  it('aborts what runs after the grace and exits with 1', async () => {
    const pool = new TypedPool(start);
    pool.test.dispatcher();
    const worker = pool.worker({ SHUNT_SHUTDOWN_GRACE: '100ms' });
    const job = await pool.test.queue().add('sleep', { agentId: 'a', ms: 600_000 });
    await running(pool, job);
    worker.signal('SIGTERM');
    expect(await worker.ended()).toBe(1);
  });

  it('ends at once with 2 on a second signal', async () => {
    const pool = new TypedPool(start);
    pool.test.dispatcher();
    const worker = pool.worker();
    const job = await pool.test.queue().add('sleep', { agentId: 'a', ms: 600_000 });
    await running(pool, job);
    worker.signal('SIGTERM');
    await worker.said(/worker stopping/);
    worker.signal('SIGINT');
    expect(await worker.ended()).toBe(2);
  });
});
