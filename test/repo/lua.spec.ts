import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptFolder } from './script-folder.js';

const scripts = 'libs/lanes/src/scripts';
const header = `-- Counts. Atomic: one script.
-- KEYS [1] list
-- ARGV [1] limit
-- RETURNS number
-- COST O(1)
`;
const include = 'local function count(key) return redis.call("LLEN", key) end';
const legal = `${header}--- @include "count"
local function bullmq()
--- @bullmq "moveToFinished"
end
local limit = tonumber(ARGV[1])
local found = { limit = limit }
found.count = count(KEYS[1])
return bullmq and found.count
`;

describe('the Lua generator', () => {
  let folder: ScriptFolder;
  const generate = (...args: string[]) => folder.run('scripts/generate-lua.mjs', ...args);

  beforeEach(() => {
    folder = new ScriptFolder();
    folder.linkPackages();
    folder.plant(`${scripts}/count-all.lua`, legal);
    folder.plant(`${scripts}/includes/count.lua`, include);
    folder.plant(`${scripts}/includes/call.lua`, 'local call\nlocal function begin() call = {} end');
  });
  afterEach(() => folder.remove());

  it('writes one library in which each include stands once, and finds it fresh', async () => {
    folder.plant(
      `${scripts}/add.lua`,
      `${header.replace('COST', 'FLAGS none: it adds\n-- COST')}--- @include "count"\nreturn count(KEYS[1])\n`,
    );
    folder.plant(`${scripts}/read.lua`, `${header.replace('COST', 'FLAGS no-writes\n-- COST')}return 1\n`);
    expect(await generate()).toEqual({ code: 0, output: '' });
    const text = folder.read(`${scripts}/generated.ts`);
    expect(text).toContain('functionNames = ["add","countAll","read"] as const');
    expect(text.split('local function count(key)')).toHaveLength(2);
    for (const start of ["'add', {  }", "'countAll', { 'allow-oom' }", "'read', { 'no-writes' }"]) {
      expect(text).toContain(`register(${start}, function(KEYS, ARGV)\\nbegin()\\n-- Counts.`);
    }
    expect(await generate('--check')).toEqual({ code: 0, output: '' });
  });

  it('tells when a script changed since', async () => {
    await generate();
    folder.plant(`${scripts}/includes/count.lua`, `${include} -- changed`);

    expect(await generate('--check')).toEqual({
      code: 1,
      output: 'generated.ts is stale: run `npm run generate:lua`\n',
    });
  });

  it('tells what is wrong with each script', async () => {
    const wrong: Record<string, [string, string]> = {
      'syntax-error': ['local = 1', "[6:6] <name> expected near '='"],
      'set-global': ['total = 1', 'line 6 sets the global total'],
      'set-global-of-redis': ['redis = 1', 'line 6 sets the global redis'],
      'global-function': ['function add() return 1 end', 'line 6 sets the global add'],
      'set-in-branch': ['for i = 1, 2 do\n  if i > 1 then last = i end\nend', 'line 7 sets the global last'],
      'unknown-global': ['return tonumer(ARGV[1])', 'line 6 uses the unknown global tonumer'],
      'out-of-scope': ['do local a = 1 end\nreturn a', 'line 7 uses the unknown global a'],
      'no-such-include': ['--- @include "nothing"', 'ENOENT'],
      'no-such-bullmq-script': ['--- @bullmq "moveToNowhere"', 'the installed bullmq has no script moveToNowhere'],
    };
    for (const [name, [lua]] of Object.entries(wrong)) folder.plant(`${scripts}/${name}.lua`, `${header}${lua}\n`);
    folder.plant(`${scripts}/short-header.lua`, '-- KEYS none\n-- ARGV none\n-- RETURNS 1\nreturn 1\n');
    const { code, output } = await generate('--check');

    for (const [name, [, problem]] of Object.entries(wrong)) expect(output).toContain(`${name}.lua: ${problem}`);
    expect(output).toContain('short-header.lua: the header says nothing of COST\n');
    expect(code).toBe(1);
  });

  it('refuses what calls would share beside `call`', async () => {
    const lua =
      'local known = {}\nlocal function count(key)\n  known[key] = 1\n  call.n = 1\n  return known\nend\nlocal known';
    folder.plant(`${scripts}/includes/count.lua`, lua);

    expect((await generate()).output).toBe(
      'includes: known is there twice\nincludes: line 6 keeps known for the calls that follow\n',
    );
  });

  it('refuses an include that no script includes', async () => {
    folder.plant(`${scripts}/includes/unused.lua`, 'local unused');

    expect((await generate()).output).toBe('includes/unused.lua: no script includes it\n');
  });
});
