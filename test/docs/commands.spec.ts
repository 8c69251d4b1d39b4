import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, type SdkPool } from '../integration/sdk/sdk-pool.js';
import { runShunt } from '../support/cli/run-shunt.js';
import { until } from '../support/pool-test.js';
import { shuntCommandsIn } from './shell.js';
import { runnable } from './snippets.js';

/** Pages whose commands of the CLI are run, in their order, on a pool with workers w1 and w2. */
const pages = ['docs/cli.md', 'docs/operations.md'];
/** A file that some of them name. */
const named = 'pool.yaml';

async function live(pool: SdkPool): Promise<void> {
  for (const id of ['w1', 'w2']) pool.serve({ echo: (input) => input, report: () => null }, { id });
  await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 2);
}

describe('the commands of a page', () => {
  it.for(pages)('do what they say: %s', async (page, { pool }) => {
    const folder = mkdtempSync(join(tmpdir(), 'shunt-docs-'));
    writeFileSync(join(folder, named), 'sessionTtl: 30m\n');
    await live(pool);
    const commands: string[][] = [];
    for (const { text } of runnable(page, 'sh')) commands.push(...(await shuntCommandsIn(text)));
    expect(commands.length).toBeGreaterThan(2);
    for (const words of commands) {
      const here = words.map((word) =>
        word === named ? join(folder, named) : word === 'agents' && words[0] === 'pools' ? pool.pool : word,
      );
      const { code, output } = await runShunt(pool, ...here);
      // The Redis of the tests has no AOF, which a doctor finds bad.
      expect([words, code]).toEqual([words, words[0] === 'doctor' ? 1 : 0]);
      expect(output).toMatch(words[0] === 'tasks' ? /^$/ : /\S/);
    }
    rmSync(folder, { recursive: true });
  });
});
