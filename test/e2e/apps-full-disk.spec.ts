import { expect, it } from 'vitest';
import { answers, endpointOf, errorLines, shortestGapMs, TypedPool } from '../support/e2e/apps.js';
import { commands } from '../support/e2e/commands.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';
import { fillDisk, freeDisk } from '../support/frail-disk.js';

const start = commands();
const tasks = 60;

it('npm run dispatcher and npm run worker log a full disk once a second, with work waiting, and go on by themselves', async () => {
  const redis = new RedisOfTest({ hasFrailDisk: true });
  await redis.up();
  const pool = new TypedPool(start, redis.url);
  const worker = pool.worker({ SHUNT_SLOTS: '10', SHUNT_LEASE: '60s' });
  const dispatcher = pool.dispatcher();
  const apps = [worker, dispatcher];
  for (const app of apps) await answers(await endpointOf(app), '/readyz', 200);
  const queue = pool.test.queue();
  queue.setMaxListeners(0);
  const jobs = await queue.addBulk(
    Array.from({ length: tasks }, (_, n) => ({ name: 'sleep', data: { agentId: `a${n}`, ms: 1000 } })),
  );
  await expect.poll(() => queue.getCompletedCount(), { timeout: 60_000 }).toBeGreaterThan(0);
  fillDisk(redis);
  await Promise.all(apps.map((app) => app.said(/MISCONF/)));
  for (const app of apps) {
    await expect.poll(() => errorLines(app).length, { timeout: 60_000 }).toBeGreaterThan(3);
    // Whatever is refused, it is one error.
    const lines = errorLines(app).map((line) => ({ ...line, msg: 'refused' }));
    expect(shortestGapMs(lines)).toBeGreaterThanOrEqual(999);
  }
  await expect(queue.add('sleep', { agentId: 'late', ms: 1 })).rejects.toThrow(/^MISCONF/);

  freeDisk(redis);
  const events = await pool.test.events();
  await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 60_000)));
  for (const app of apps) app.signal('SIGTERM');
  expect(await Promise.all(apps.map((app) => app.ended()))).toEqual([0, 0]);
});
