import { describe, expect, it } from 'vitest';
import { answers, endpointOf, errorLines, shortestGapMs, TypedPool } from '../support/e2e/apps.js';
import type { Command } from '../support/e2e/command.js';
import { commands } from '../support/e2e/commands.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';

const start = commands();

async function runs(pool: TypedPool): Promise<void> {
  const events = await pool.test.events();
  const job = await pool.test.queue().add('echo', { agentId: 'a' });
  expect(await job.waitUntilFinished(events, 60_000)).toEqual({ agentId: 'a' });
}

/** How often the log of an app tells an error with a message. */
const tellsOf = (app: Command, message: string) => errorLines(app).filter(({ msg }) => msg.includes(message)).length;

/** The apps of a pool on a Redis of their own. */
function appsOn(redis: RedisOfTest) {
  const pool = new TypedPool(start, redis.url);
  pool.test.redis.on('error', () => undefined);
  return { pool, apps: [pool.dispatcher(), pool.worker()] };
}

/** Apps that were ready, and whose Redis went away. */
async function bereft() {
  const redis = new RedisOfTest();
  await redis.up();
  const { pool, apps } = appsOn(redis);
  const endpoints = await Promise.all(apps.map(endpointOf));
  for (const endpoint of endpoints) await answers(endpoint, '/readyz', 200);
  await redis.down();
  for (const endpoint of endpoints) await answers(endpoint, '/readyz', 503);
  return { redis, pool, apps, endpoints };
}

async function stop(apps: readonly Command[]): Promise<void> {
  for (const app of apps) app.signal('SIGTERM');
  expect(await Promise.all(apps.map((app) => app.ended()))).toEqual([0, 0]);
}

describe('npm run dispatcher and npm run worker', () => {
  it('say where they miss a Redis that is not up, once a second, and work when it appears', async () => {
    const redis = new RedisOfTest();
    await redis.up();
    await redis.down();
    const { pool, apps } = appsOn(redis);
    const endpoints = await Promise.all(apps.map(endpointOf));
    const missing =
      `Redis at 127.0.0.1:${redis.port} does not answer: nothing listens there (connect ECONNREFUSED 127.0.0.1:${redis.port}). ` +
      'Start one with `npm run redis`, or set SHUNT_REDIS_URL to where it is; trying again until it does';
    for (const endpoint of endpoints) await answers(endpoint, '/livez', 200);
    for (const endpoint of endpoints) await answers(endpoint, '/readyz', 503);
    for (const app of apps) {
      await expect.poll(() => tellsOf(app, missing), { timeout: 60_000 }).toBeGreaterThan(3);
      expect(shortestGapMs(errorLines(app))).toBeGreaterThanOrEqual(999);
    }
    for (const app of apps) expect(app.output).not.toMatch(/"stack"|\n\s+at /);
    await redis.up();
    for (const endpoint of endpoints) await answers(endpoint, '/readyz', 200);
    await runs(pool);
    await stop(apps);
  });

  it.each([
    ['is killed', 'SIGKILL', 'ECONNREFUSED', 3],
    ['hangs', 'SIGSTOP', 'Socket timeout', 1],
  ] as const)(
    'with work waiting, log a Redis that %s once a second, and go on by themselves',
    async (...[, signal, told, moreThan]) => {
      const redis = new RedisOfTest();
      await redis.up();
      const { pool, apps } = appsOn(redis);
      for (const app of apps) await answers(await endpointOf(app), '/readyz', 200);
      const queue = pool.test.queue();
      queue.on('error', () => undefined).setMaxListeners(0);
      const jobs = await queue.addBulk(
        Array.from({ length: 40 }, (_, n) => ({ name: 'sleep', data: { agentId: `a${n}`, ms: 500 } })),
      );
      await expect.poll(() => queue.getCompletedCount(), { timeout: 60_000 }).toBeGreaterThan(0);
      if (signal === 'SIGKILL') await redis.crash();
      else redis.running.kill(signal);
      for (const app of apps) {
        await expect.poll(() => tellsOf(app, told), { timeout: 60_000 }).toBeGreaterThan(moreThan);
        expect(shortestGapMs(errorLines(app))).toBeGreaterThanOrEqual(999);
      }
      if (signal === 'SIGKILL') await redis.up();
      else redis.running.kill('SIGCONT');
      const events = await pool.test.events();
      await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 60_000)));
      for (const app of apps) expect(shortestGapMs(errorLines(app))).toBeGreaterThanOrEqual(999);
      await stop(apps);
    },
  );

  it('are not ready while Redis is away, and are again when it is back', async () => {
    const { redis, pool, apps, endpoints } = await bereft();
    for (const endpoint of endpoints) await answers(endpoint, '/livez', 200);
    for (const endpoint of endpoints) await answers(endpoint, '/metrics', 200);
    await redis.up();
    for (const endpoint of endpoints) await answers(endpoint, '/readyz', 200);
    await runs(pool);
    await stop(apps);
  });

  it('end when told to while Redis is away', async () => {
    const { apps } = await bereft();
    for (const app of apps) app.signal('SIGTERM');
    for (const app of apps) expect([0, 2]).toContain(await app.ended());
  });
});
