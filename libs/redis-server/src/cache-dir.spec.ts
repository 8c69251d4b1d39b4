import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chooseCacheDir } from './cache-dir.js';

it('keeps unpacked servers with the installed packages of the project', () => {
  const directory = chooseCacheDir({});
  expect(directory).toMatch(/node_modules\/\.cache\/shunt\/redis$/);
  expect(statSync(directory).isDirectory()).toBe(true);
});

it('does so for what is built as well, whose folder has a manifest of its own', ({ onTestFinished }) => {
  const project = mkdtempSync(join(tmpdir(), 'shunt-project-'));
  onTestFinished(() => rmSync(project, { recursive: true }));
  const built = join(project, 'dist', 'libs');
  mkdirSync(built, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'dist/package.json'])
    writeFileSync(join(project, name), '{}');
  expect(chooseCacheDir({}, 'redis', built)).toBe(join(project, 'node_modules', '.cache', 'shunt', 'redis'));
});
