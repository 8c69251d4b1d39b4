import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptFolder } from './script-folder.js';

const pure = `
export interface Load { readonly process: number; readonly date: string }
const table = new Map([['a', Math.max(1, 2)]]);
export function pick(nowMs: number, random: () => number, load: Load): number {
  let sum = load.process + nowMs;
  for (const n of table.values()) sum += n * Math.floor(random());
  return sum;
}
`;

describe('the purity lint', () => {
  let folder: ScriptFolder;
  const lint = () => folder.run('scripts/check-purity.mjs');

  beforeEach(() => {
    folder = new ScriptFolder();
    folder.linkPackages();
    folder.plant('libs/balancing/src/core/pick.ts', pure);
    folder.plant('libs/health/src/core/pick.ts', pure);
  });
  afterEach(() => folder.remove());

  it('accepts what takes time, chance and the process as arguments', async () => {
    expect(await lint()).toEqual({ code: 0, output: '2 core files, 0 impure uses\n' });
  });

  it('names file, line and name of every impure use', async () => {
    const uses = {
      Date: 'export const a = () => Date.now();',
      'Math.random': 'export const b = () => Math.random();',
      'Math as a value': 'export const c = ({ random } = Math) => random();',
      process: 'export const d = () => ({ process });',
      globalThis: "export const e = () => globalThis['Date'];",
      setTimeout: 'export const f = (done: () => void) => setTimeout(done, 1);',
      performance: 'export const g = () => performance.now();',
      'import.meta': 'export const h = () => import.meta.url;',
      'import()': "export const i = () => import('node:fs');",
      'a variable of the module': 'let calls = 0;',
    };
    folder.plant('libs/health/src/core/impure.ts', Object.values(uses).join('\n'));
    const { code, output } = await lint();

    for (const [n, name] of Object.keys(uses).entries()) {
      expect(output).toContain(`libs/health/src/core/impure.ts:${n + 1} uses ${name}\n`);
    }
    expect(output).toContain(`3 core files, ${Object.keys(uses).length} impure uses`);
    expect(code).toBe(1);
  });

  it('lets specs and benchmarks do as they like', async () => {
    folder.plant('libs/health/src/core/pick.spec.ts', 'Date.now();');
    folder.plant('libs/health/src/core/pick.bench.ts', 'performance.now();');

    expect((await lint()).code).toBe(0);
  });
});
