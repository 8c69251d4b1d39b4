import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages, root, textOf } from './pages.js';
import { snippetsOf } from './snippets.js';

/** Which snippets of a page a spec in this folder runs or holds against what they show, by their languages. */
const run: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['sh', 'js'],
  'docs/cli.md': ['sh'],
  'docs/fencing.md': ['js'],
  'docs/http.md': ['sh', 'json', 'text'],
  'docs/interop.md': ['js', 'ts'],
  'docs/migrating.md': ['ts'],
  'docs/nest.md': ['ts'],
  'docs/operations.md': ['sh'],
  'docs/placement.md': ['ts'],
  'docs/sdk.md': ['ts'],
};

describe('the docs', () => {
  it.each(pages)('%s has no snippet that is not run, but for those that say why', (page) => {
    const left = snippetsOf(page).filter(({ language, whyNot }) => whyNot === null && !run[page]?.includes(language));
    expect(left.map(({ at }) => at)).toEqual([]);
  });

  it.each(pages)('%s links only to files that exist', (page) => {
    const targets = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });

  it('list every metric of the dispatcher', () => {
    const files = readdirSync(join(root, 'apps/dispatcher/src')).filter((file) => file.endsWith('-metrics.ts'));
    const text = files.map((file) => textOf(`apps/dispatcher/src/${file}`)).join('');
    const names = [...text.matchAll(/'(shunt_\w+)'/g)].map(([, name]) => name);
    const page = textOf('docs/operations.md');
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !page.includes(`${name}`))).toEqual([]);
  });

  it('name only commands that package.json has', () => {
    const { scripts } = JSON.parse(textOf('package.json'));
    const named = pages.flatMap((page) => [...textOf(page).matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name));
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});
