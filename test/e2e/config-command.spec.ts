import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPoolConfig } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { it as base, until } from '../support/pool-test.js';

const start = commands();
const shunt = (url: string, pool: string, ...words: string[]) =>
  start(['node', 'dist/apps/cli/src/main.js', 'config', ...words], { env: { SHUNT_REDIS_URL: url, SHUNT_POOL: pool } });

const it = base.extend<{ folder: string }>({
  folder: async ({ task: _task }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'shunt-config-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

describe('shunt config', () => {
  it('sets keys, shows them, and takes them back', async ({ pool }) => {
    const set = shunt(pool.url, pool.pool, 'set', 'sessionTtl=30m', 'breaker.failureRate=0.4', 'maxWaiting=none');
    expect(await set.ended()).toBe(0);
    expect(set.output.split('\n')).toEqual([
      'version 1',
      '  breaker.failureRate: default -> 0.4',
      '  maxWaiting: default -> none',
      '  sessionTtl: default -> 30m',
      '',
    ]);
    const back = shunt(pool.url, pool.pool, 'set', 'sessionTtl=', '-o', 'json', '--if-version', '1');
    expect(await back.ended()).toBe(0);
    expect(JSON.parse(back.output)).toEqual({
      version: 2,
      config: { breaker: { failureRate: 0.4 }, maxWaiting: 'none' },
      changes: [{ key: 'sessionTtl', from: 1_800_000 }],
    });
    const show = shunt(pool.url, pool.pool, 'show');
    expect(await show.ended()).toBe(0);
    expect(show.output).toMatch(/^version 2\n/);
    expect(show.output).toMatch(/breaker\.failureRate.*0\.4.*0\.5/);
    const json = shunt(pool.url, pool.pool, 'show', '-o', 'json');
    expect(await json.ended()).toBe(0);
    expect(JSON.parse(json.output)).toMatchObject({ version: 2, config: { maxWaiting: 'none' }, others: [] });
  });

  it('refuses what is bad by exit code 78, and another version by 1, and changes nothing', async ({ pool }) => {
    const bad = shunt(pool.url, pool.pool, 'set', 'sessionTtl=soon', 'brekaer.open=5s', 'strategy=nope');
    expect(await bad.ended()).toBe(78);
    expect(bad.output).toContain('sessionTtl must be whole milliseconds');
    expect(bad.output).toContain('brekaer is not a known option: did you mean breaker?');
    expect(bad.output).toContain('strategy must be one of');
    const form = shunt(pool.url, pool.pool, 'set', 'sessionTtl');
    expect(await form.ended()).toBe(78);
    expect(form.output).toContain('takes key=value, such as sessionTtl=30m');
    const twice = shunt(pool.url, pool.pool, 'set', 'strategy=random', 'sessionTtl=1m', 'strategy=round-robin');
    expect(await twice.ended()).toBe(78);
    expect(twice.output).toContain('strategy is there twice');
    const late = shunt(pool.url, pool.pool, 'set', 'sessionTtl=1m', '--if-version', '7');
    expect(await late.ended()).toBe(1);
    expect(late.output).toContain('the configuration is at version 0, not 7');
    expect(await readPoolConfig(pool.redis, pool.keys)).toEqual({ version: 0, config: {} });
  });

  it('checks a file without a pool, and makes it the whole configuration', async ({ pool, folder }) => {
    const file = join(folder, 'pool.yaml');
    writeFileSync(file, 'strategy: mine\nhealthCheck:\n  enabled: true\n');
    const unknown = shunt('redis://127.0.0.1:1', pool.pool, 'check', file);
    expect(await unknown.ended()).toBe(78);
    expect(unknown.output).toContain('strategy must be one of');
    const known = shunt('redis://127.0.0.1:1', pool.pool, 'check', file, '--strategy', 'mine');
    expect(await known.ended()).toBe(0);
    writeFileSync(file, 'strategy: random\nhealthCheck:\n  enabled: true\n');
    const apply = shunt(pool.url, pool.pool, 'apply', file, '--yes');
    expect(await apply.ended()).toBe(0);
    expect((await readPoolConfig(pool.redis, pool.keys)).config).toEqual({
      strategy: 'random',
      healthCheck: { enabled: true },
    });
    const missing = shunt(pool.url, pool.pool, 'apply', join(folder, 'none.yaml'));
    expect(await missing.ended()).toBe(78);
    expect(missing.output).toContain('file cannot be read');
  });

  it('watches until it is interrupted', async ({ pool }) => {
    const watch = shunt(pool.url, pool.pool, 'watch');
    await watch.said(/version 0, nothing changed/);
    expect(await shunt(pool.url, pool.pool, 'set', 'spillAfter=2s').ended()).toBe(0);
    await watch.said(/version 1\n {2}spillAfter: default -> 2s/);
    watch.interrupt();
    expect(await watch.ended()).toBe(0);
  });

  it('shows which workers do not go by it', async ({ pool }) => {
    pool.worker(async () => undefined, { workerId: 'w1', heartbeat: 600_000, lease: 1_800_000 });
    await until(async () => (await pool.redis.hlen(pool.keys.of('load'))) === 1);
    expect(await shunt(pool.url, pool.pool, 'set', 'spillAfter=2s').ended()).toBe(0);
    const show = shunt(pool.url, pool.pool, 'show');
    expect(await show.ended()).toBe(0);
    expect(show.output).toContain('worker w1 went by version 0 when it last beat');
  });
});
