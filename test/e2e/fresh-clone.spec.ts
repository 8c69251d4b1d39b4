import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from '../support/e2e/command.js';
import { commands } from '../support/e2e/commands.js';

const start = commands();
const clone = mkdtempSync(join(tmpdir(), 'shunt-clone-'));
afterAll(() => rmSync(clone, { recursive: true }));

/** What a clone has that a run needs; its packages are those of this project. */
const parts = ['apps', 'bench', 'libs', 'scripts', 'test', 'traces', '.swcrc', 'nest-cli.json', 'package.json'];

it('builds once and runs twice when two start at once on a fresh clone', async () => {
  for (const part of [...parts, 'package-lock.json', 'tsconfig.json']) {
    cpSync(join(root, part), join(clone, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  const words = ['npm', 'start', '--', '--rounds', '1', '--workers', '1', '--tasks', '100', '--speed', '600'];
  const demos = [start(words, { cwd: clone }), start(words, { cwd: clone })];
  expect(await Promise.all(demos.map((demo) => demo.ended()))).toEqual([0, 0]);
  for (const demo of demos) expect(demo.output).toMatch(/lost +0\n/);
  expect(demos.filter((demo) => /^building$/m.test(demo.output))).toHaveLength(1);
});
