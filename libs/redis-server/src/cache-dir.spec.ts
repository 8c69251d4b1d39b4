import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chooseCacheDir } from './cache-dir.js';

it('keeps unpacked servers with the installed packages of the project', () => {
  const directory = chooseCacheDir({});
  expect(directory).toMatch(/node_modules\/\.cache\/shunt\/redis$/);
  expect(statSync(directory).isDirectory()).toBe(true);
});
