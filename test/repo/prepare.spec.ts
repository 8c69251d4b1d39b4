import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptFolder } from './script-folder.js';

/**
 * Stands in for npm: says that it runs, waits for the file `go`, and installs two build tools: one builds one program, the other
 * the page. It ends with its folder.
 */
const npm = `#!/usr/bin/env node
import { appendFileSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
appendFileSync('installs', process.pid + ' ' + process.argv.slice(2).join(' ') + '\\n');
const timer = setInterval(() => {
  if (!existsSync('installs')) process.exit(1);
  if (!existsSync('go')) return;
  clearInterval(timer);
  rmSync('node_modules', { recursive: true, force: true });
  mkdirSync('node_modules/@nestjs/cli/bin', { recursive: true });
  mkdirSync('node_modules/vite/bin', { recursive: true });
  copyFileSync('nest.cjs', 'node_modules/@nestjs/cli/bin/nest.js');
  copyFileSync('vite.cjs', 'node_modules/vite/bin/vite.js');
}, 20);
`;
const nest = `
const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('builds', process.argv.slice(2).join(' ') + '\\n');
if (existsSync('broken')) { console.log('a source is wrong'); process.exit(1); }
mkdirSync('dist/apps/cli/src', { recursive: true });
writeFileSync('dist/apps/cli/src/main.js', 'console.log("ran with " + process.argv.slice(2));');
`;
const vite = `require('node:fs').appendFileSync('pages', process.argv.slice(2).join(' ') + '\\n');`;

describe('node scripts/run.mjs on a fresh clone', () => {
  let folder: ScriptFolder;
  const runCli = () => folder.start('scripts/run.mjs', 'cli', 'hello');

  beforeEach(() => {
    folder = new ScriptFolder(['package-lock.json', 'nest-cli.json', '.swcrc']);
    folder.plant('bin/npm', npm, true);
    folder.plant('nest.cjs', nest);
    folder.plant('vite.cjs', vite);
    for (const name of ['apps', 'libs', 'bench', 'test/simulation', 'test/support'])
      folder.plant(`${name}/a.ts`, 'export {};');
  });
  afterEach(() => folder.remove());

  it('installs, builds and runs', async () => {
    folder.plant('go', '');
    const { code, output } = await runCli().ended;

    expect(output.split('\n')).toEqual([expect.stringMatching(/^installing/), 'building', 'ran with hello', '']);
    expect(code).toBe(0);
    expect(folder.read('installs')).toMatch(/^\d+ ci --include=dev\n$/);
    expect(folder.read('builds')).toBe('build --all\n');
    expect(folder.read('pages')).toMatch(/^build .*apps\/dashboard\n$/);
  });

  it('installs nothing where npm ci was run before, unless it left something out', async () => {
    const packages = {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', dev: true },
    };
    folder.plant('package-lock.json', JSON.stringify({ packages }));
    folder.plant('node_modules/@nestjs/cli/bin/nest.js', nest);
    folder.plant('node_modules/vite/bin/vite.js', vite);
    folder.plant('node_modules/.package-lock.json', JSON.stringify({ packages }));
    folder.plant('go', '');
    expect((await runCli().ended).output).toBe('building\nran with hello\n');

    const { 'node_modules/b': _dev, ...production } = packages;
    rmSync(join(folder.path, 'node_modules/.shunt-installed'));
    folder.plant('node_modules/.package-lock.json', JSON.stringify({ packages: production }));
    expect((await runCli().ended).output).toMatch(/^installing/);
  });

  it('does it once for two copies that start at once, and both run', async () => {
    const copies = [runCli(), runCli()];
    await folder.lines('installs', 1);
    await vi.waitUntil(() => copies.some(({ output }) => output().includes('waiting for process')), {
      timeout: 50_000,
    });
    folder.plant('go', '');
    const ended = await Promise.all(copies.map((copy) => copy.ended));

    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(ended.map(({ output }) => output.split('\n').at(-2))).toEqual(['ran with hello', 'ran with hello']);
    expect(folder.read('installs').split('\n')).toHaveLength(2);
    expect(folder.read('builds').split('\n')).toHaveLength(2);
  });

  it('builds again when a source changes, and installs again when the lock file does', async () => {
    folder.plant('go', '');
    await runCli().ended;
    await runCli().ended;
    expect(folder.read('builds').split('\n')).toHaveLength(2);

    folder.plant('libs/a.ts', 'export const changed = 1;');
    expect((await runCli().ended).output).toBe('building\nran with hello\n');
    folder.plant('package-lock.json', '{}');
    expect((await runCli().ended).output).toMatch(/^installing/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'ends at once on %s while it installs, with what it started, and the next run works',
    async (signal, code) => {
      const first = runCli();
      await folder.lines('installs', 1);
      first.child.kill(signal);
      // It has ended once nobody holds its output any more: npm, which waits for `go`, has ended with it.
      expect((await first.ended).code).toBe(code);

      folder.plant('go', '');
      expect((await runCli().ended).output).toMatch(/ran with hello\n$/);
    },
  );

  it('shows what a failing build says, and builds again the next time', async () => {
    folder.plant('go', '');
    folder.plant('broken', '');
    const { code, output } = await runCli().ended;
    expect(output).toContain('a source is wrong');
    expect(output).toMatch(/build --all: ended with 1\n$/);
    expect(code).toBe(1);

    expect((await runCli().ended).code).toBe(1);
    expect(folder.read('builds').split('\n')).toHaveLength(3);
  });

  it('says in one line that it cannot write its folder', async () => {
    folder.plant('.shunt', 'a file where the folder should be');
    const { code, output } = await runCli().ended;

    expect(output.split('\n')).toEqual([expect.stringMatching(/^cannot prepare .*: .*\.shunt/), '']);
    expect(code).toBe(1);
  });

  it('says in one line that Node is too old', async () => {
    const old = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.18.3' })";
    const { code, output } = await folder.run('--import', old, 'scripts/run.mjs', 'cli');

    expect(output).toMatch(/^Shunt needs Node >=20\.19, and this is 20\.18\.3: .*\n$/);
    expect(code).toBe(1);
  });

  it('lists the programs when it is asked for another one', async () => {
    expect(await folder.run('scripts/run.mjs', 'constructor')).toEqual({
      code: 64,
      output:
        'node scripts/run.mjs <dispatcher|worker|cli|demo|redis|bench|faults|placement|http|page|simulate|chaos> [arguments]\n',
    });
  });
});
