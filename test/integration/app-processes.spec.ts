import { afterEach, describe, expect, inject, it } from 'vitest';
import { BuiltProcess } from '../support/harness/built-process.js';
import { readScrape } from '../support/scrape.js';

let apps: BuiltProcess[] = [];
const start = (name: 'dispatcher' | 'worker', settings: Record<string, string>) => {
  const app = new BuiltProcess(`apps/${name}/src/main.js`, [], settings);
  apps.push(app);
  return app;
};
afterEach(async () => {
  await Promise.all(apps.map((app) => app.end()));
  apps = [];
});

describe('the dispatcher', () => {
  it('serves its probes and the metrics of its pool, and exits with 0 on SIGTERM', async () => {
    const settings = { SHUNT_REDIS_URL: inject('redisUrl'), SHUNT_POOL: 't-app', SHUNT_HTTP_PORT: '0' };
    const app = start('dispatcher', settings);
    const { endpoint } = (await app.message()) as { endpoint: string };
    expect((await fetch(`${endpoint}/livez`)).status).toBe(200);
    await expect.poll(async () => (await fetch(`${endpoint}/readyz`)).status, { timeout: 60_000 }).toBe(200);
    const scrape = readScrape(await (await fetch(`${endpoint}/metrics`)).text());
    expect(scrape.get('shunt_queue_tasks{pool="t-app",state="intake"}')).toBe(0);
    expect(scrape.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    app.child.kill('SIGTERM');
    expect(await app.exit()).toMatchObject({ code: 0, stderr: '' });
  });

  it('exits with 1 and names its settings when its port is taken', async () => {
    const first = start('dispatcher', { SHUNT_REDIS_URL: inject('redisUrl'), SHUNT_HTTP_PORT: '0' });
    const { endpoint } = (await first.message()) as { endpoint: string };
    const second = start('dispatcher', {
      SHUNT_REDIS_URL: inject('redisUrl'),
      SHUNT_HTTP_PORT: new URL(endpoint).port,
    });
    const { code, stderr } = await second.exit();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^listen EADDRINUSE.*: set SHUNT_HTTP_HOST and SHUNT_HTTP_PORT to where it can listen\n$/);
  });
});

describe('the worker', () => {
  it('exits with 78 and names SHUNT_LEASE when it is below three heartbeats', async () => {
    const app = start('worker', { SHUNT_HEARTBEAT: '5s' });
    expect(await app.exit()).toEqual({
      code: 78,
      stdout: '',
      stderr: 'Invalid settings:\n  SHUNT_LEASE must be at least three times SHUNT_HEARTBEAT: 15s or more\n',
    });
  });

  it('exits with 78 and lists every bad setting', async () => {
    const app = start('worker', { SHUNT_SLOTS: '0', SHUNT_POOL: 'undefined', SHUNT_STRATGY: 'x' });
    const { code, stderr } = await app.exit();
    expect(code).toBe(78);
    expect(stderr.split('\n')).toHaveLength(5);
  });
});
