import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPoolConfig } from '@shunt/lanes';
import { loggerOf } from '@shunt/runtime';
import { describe, expect } from 'vitest';
import { ConfigFile } from '../../../apps/dispatcher/src/config-file.js';
import { configure } from '../../support/configure.js';
import type { TestPool } from '../../support/pool.js';
import { it as base, until } from '../../support/pool-test.js';

/** A file that dispatchers keep a pool at, and what they log of it. */
class Watched {
  readonly folder = mkdtempSync(join(tmpdir(), 'shunt-config-'));
  readonly path = join(this.folder, 'pool.yaml');
  readonly log: { level: number; msg: string; fields?: string[] }[] = [];
  losses = 0;
  private readonly files: ConfigFile[] = [];

  constructor(private readonly pool: TestPool) {}

  write(text: string): void {
    writeFileSync(this.path, text);
  }

  watch(): ConfigFile {
    const logger = loggerOf('info', 'test', { write: (line) => this.log.push(JSON.parse(line)) });
    const { redis, keys } = this.pool;
    const file = new ConfigFile({ path: this.path, redis, keys, logger, losses: () => this.losses });
    this.files.push(file);
    void file.start();
    return file;
  }

  close(): void {
    for (const file of this.files) file.stop();
    rmSync(this.folder, { recursive: true });
  }
}

const it = base.extend<{ file: Watched }>({
  file: async ({ pool }, use) => {
    const file = new Watched(pool);
    await use(file);
    file.close();
  },
});
const told = (pool: TestPool) => readPoolConfig(pool.redis, pool.keys);
const versionIs = (pool: TestPool, version: number) => until(async () => (await told(pool)).version === version);

describe('the file of a configuration', () => {
  it('is applied as a whole at the start and at each change', async ({ pool, file }) => {
    await configure(pool, { moveBudget: 0.5 });
    file.write('sessionTtl: 30m\nbreaker:\n  failureRate: 0.4 # of the calls\n');
    file.watch();
    await versionIs(pool, 2);
    expect((await told(pool)).config).toEqual({ sessionTtl: 1_800_000, breaker: { failureRate: 0.4 } });
    file.write('{ "sessionTtl": 60000 }');
    await versionIs(pool, 3);
    expect((await told(pool)).config).toEqual({ sessionTtl: 60_000 });
  });

  it('is followed through a link that is put in its place, as a mounted ConfigMap is swapped', async ({
    pool,
    file,
  }) => {
    for (const [name, ttl] of Object.entries({ old: '1m', new: '2m' })) {
      writeFileSync(join(file.folder, name), `sessionTtl: ${ttl}`);
    }
    symlinkSync(join(file.folder, 'old'), file.path);
    file.watch();
    await versionIs(pool, 1);
    rmSync(file.path);
    symlinkSync(join(file.folder, 'new'), file.path);
    await versionIs(pool, 2);
    expect((await told(pool)).config).toEqual({ sessionTtl: 120_000 });
  });

  it.for([
    ['sessionTtl: 1h\nbreaker:\n  failurRate: 0.4\nmaxWaiting: -1\n', ['maxWaiting', 'breaker.failurRate']],
    ['sessionTtl: 1h\nbreaker: [', ['file']],
    ['', ['config']],
  ] as const)(
    'that is bad, %j, changes nothing, and the log names the fields once',
    async ([text, fields], { pool, file }) => {
      file.write('sessionTtl: 30m');
      file.watch();
      await versionIs(pool, 1);
      file.write(text);
      await until(() => file.log.length === 2);
      expect(file.log[1]).toMatchObject({ level: 50, fields, msg: expect.stringContaining('changes nothing: ') });
      expect(await told(pool)).toEqual({ version: 1, config: { sessionTtl: 1_800_000 } });
      file.write('sessionTtl: 2h');
      await versionIs(pool, 2);
      expect(file.log).toHaveLength(3);
    },
  );

  it('is applied once for all dispatchers, and leaves later changes by others until its text is another one', async ({
    pool,
    file,
  }) => {
    file.write('sessionTtl: 30m');
    file.watch();
    file.watch();
    await versionIs(pool, 1);
    await configure(pool, { moveBudget: 0.5 });
    const again = file.watch();
    await until(() => file.log.length >= 1);
    file.write('sessionTtl: 31m');
    await versionIs(pool, 3);
    again.stop();
    expect((await told(pool)).config).toEqual({ sessionTtl: 1_860_000 });
  });

  it('is applied again when Redis lost the pool’s data', async ({ pool, file }) => {
    file.write('sessionTtl: 30m');
    file.watch();
    await versionIs(pool, 1);
    await pool.redis.del(pool.keys.of('config'));
    file.losses++;
    await versionIs(pool, 1);
    expect((await told(pool)).config).toEqual({ sessionTtl: 1_800_000 });
  });

  it('that is gone leaves the configuration, and is said once', async ({ pool, file }) => {
    file.watch();
    await until(() => file.log.length === 1);
    expect(file.log[0]?.msg).toContain('cannot be read: the configuration stays');
    file.write('sessionTtl: 30m');
    await versionIs(pool, 1);
    expect(file.log).toHaveLength(2);
  });
});
