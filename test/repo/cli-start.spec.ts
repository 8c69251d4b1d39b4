import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../docs/pages.js';

const folder = mkdtempSync(join(tmpdir(), 'shunt-loaded-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The modules that a command loads, as paths of this folder. Packages in the form of CommonJS are told by their entry alone. */
function loadedBy(...words: string[]): string[] {
  const [list, hook] = [join(folder, 'list'), join(folder, 'hook.mjs')];
  const watch = `import { appendFileSync } from 'node:fs';
    export function load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + '\\n'); return next(url, context); }`;
  writeFileSync(list, '');
  writeFileSync(
    hook,
    `import { register } from 'node:module'; register('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(watch))});`,
  );
  execFileSync(process.execPath, ['--import', hook, 'dist/apps/cli/src/main.js', ...words], { cwd: root });
  return readFileSync(list, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith('file:'));
}

describe('a command of the CLI', () => {
  it('loads nothing but itself to tell its help', () => {
    expect(loadedBy('--help').filter((url) => /\/libs\/|node_modules\/(?!commander)/.test(url))).toEqual([]);
  });

  it('loads neither Nest nor what other commands need', () => {
    const loaded = loadedBy('tasks', '--help').join('\n');
    expect(loaded).toContain('/apps/cli/src/commands/tasks.js');
    expect(loaded).not.toMatch(/@nestjs|\/apps\/cli\/src\/(demo|workers|replay)|libs\/(probes|redis-server|workload)/);
  });
});
