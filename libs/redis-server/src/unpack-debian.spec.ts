import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureRedis } from './ensure-redis.js';
import { unpackDebian } from './unpack-debian.js';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'shunt-spec-'));
});
afterEach(() => rmSync(base, { recursive: true }));

/** A PATH with all of the system's programs but its Redis. */
function hideRedis(): NodeJS.ProcessEnv {
  const bin = join(base, 'bin');
  mkdirSync(bin);
  for (const name of readdirSync('/usr/bin').filter((program) => !/^(redis|valkey)-/.test(program))) {
    symlinkSync(join('/usr/bin', name), join(bin, name));
  }
  return { ...process.env, PATH: bin };
}

describe('unpackDebian', () => {
  it('gives two that ask at once one working server, and the next one the same without a download', async () => {
    const cacheDir = join(base, 'cache');
    const environment = hideRedis();
    const lines: string[] = [];
    const options = { requireNative: true, ignoreEnvironment: true, environment, cacheDir };
    const servers = await Promise.all([ensureRedis(options), ensureRedis(options)]);
    const third = await ensureRedis({ ...options, log: (line) => lines.push(line) });

    expect([...servers, third].map(({ kind }) => kind)).toEqual(['native', 'native', 'native']);
    expect(readdirSync(cacheDir)).toHaveLength(1);
    expect(lines).toEqual([]);
    await Promise.all([...servers, third].map((server) => server.stop()));
  }, 180_000);

  it('says that it cannot on another system', async () => {
    const search = await unpackDebian(base, { PATH: '' }, () => {});
    expect(search).toEqual({ kind: 'none', reason: 'not a Debian or Ubuntu (no apt-get)' });
  });

  it('says why when the packages are out of reach, and leaves nothing behind', async () => {
    const sources = join(base, 'empty');
    mkdirSync(sources);
    const cacheDir = join(base, 'cache');
    const config = { APT_CONFIG: join(sources, 'apt.conf') };
    writeFileSync(config.APT_CONFIG, `Dir::Etc "${sources}";\nDir::State::Lists "${sources}";\n`);
    const search = await unpackDebian(cacheDir, { ...process.env, ...config }, () => {});
    expect(search).toMatchObject({ kind: 'none', reason: expect.stringContaining('package could not be used: E: ') });
    expect(readdirSync(cacheDir)).toEqual([]);
  });
});
