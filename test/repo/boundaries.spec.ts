import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptFolder } from './script-folder.js';

const root = new URL('../../', import.meta.url);
const depcruise = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';

/** A tree that obeys every rule. */
const legal = {
  'libs/balancing/src/index.ts': "export { pick } from './pick.js';",
  'libs/balancing/src/pick.ts': 'export const pick = 1;',
  'libs/lanes/src/index.ts':
    "import { pick } from '@shunt/balancing'; import { Queue } from 'bullmq'; export const q = [pick, Queue];",
  'apps/worker/src/main.ts': "import { q } from '@shunt/lanes'; console.log(q);",
};

describe('the boundary lint', () => {
  let folder: ScriptFolder;
  const lint = () => folder.run(depcruise, '--config', '.dependency-cruiser.cjs', 'apps', 'libs');

  beforeEach(() => {
    folder = new ScriptFolder(['.dependency-cruiser.cjs', 'tsconfig.json']);
    folder.linkPackages();
    for (const [name, text] of Object.entries(legal)) folder.plant(name, text);
  });
  afterEach(() => folder.remove());

  it('accepts a tree that obeys it', async () => {
    const { code, output } = await lint();

    expect(output).toContain('no dependency violations');
    expect(code).toBe(0);
  });

  it('names every planted violation', async () => {
    const planted: Record<string, [string, string]> = {
      'no-cycles': ['libs/balancing/src/cycle-back.ts', "import './cycle.js';"],
      'lanes-imports': ['libs/lanes/src/above.ts', "import '../../../apps/worker/src/main.js';"],
      'balancing-imports': ['libs/balancing/src/sideways.ts', "import '@shunt/lanes';"],
      'libraries-by-index': ['apps/worker/src/inner.ts', "import '../../../libs/balancing/src/pick.js';"],
      'apps-are-leaves': ['apps/cli/src/main.ts', "import '../../worker/src/main.js';"],
      'pure-cores': [
        'libs/balancing/src/impure.ts',
        "import { readFileSync } from 'node:fs'; export const read = readFileSync;",
      ],
      'no-unresolved': ['apps/worker/src/nowhere.ts', "import './nowhere-else.js';"],
      'declared-packages': ['apps/worker/src/undeclared.ts', "import 'find-my-way';"],
      'production-packages': [
        'apps/worker/src/development.ts',
        "import { parse } from 'luaparse'; console.log(parse);",
      ],
    };
    folder.plant('libs/balancing/src/cycle.ts', "import './cycle-back.js';");
    for (const [file, text] of Object.values(planted)) folder.plant(file, text);
    const { code, output } = await lint();

    expect(code).not.toBe(0);
    for (const [rule, [file]] of Object.entries(planted)) expect(output).toContain(`error ${rule}: ${file}`);
  });

  it('has a rule for every library', () => {
    const { forbidden } = createRequire(import.meta.url)(fileURLToPath(new URL('.dependency-cruiser.cjs', root)));
    const rules = forbidden.map(({ name }: { name: string }) => name);
    const missing = readdirSync(new URL('libs', root)).filter((name) => !rules.includes(`${name}-imports`));

    expect(missing).toEqual([]);
  });
});
