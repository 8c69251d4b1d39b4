import { transformFile } from '@swc/core';
import { expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';

const start = commands();

async function missesRedis(words: readonly string[]): Promise<void> {
  const example = start(['node', ...words], { env: { SHUNT_REDIS_URL: 'redis://127.0.0.1:1' } });
  expect(await example.ended()).toBe(1);
  expect(example.output).toMatch(/^[^\n]*ECONNREFUSED 127\.0\.0\.1:1[^\n]*\n$/);
}

it.each(['enqueue', 'plain-bullmq'])('examples/%s.mjs says in a line that there is no Redis', (name) =>
  missesRedis([`examples/${name}.mjs`]),
);

it('examples/typed.ts says so as well', async () => {
  const { code } = await transformFile('examples/typed.ts', {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  await missesRedis(['--input-type=module', '-e', code]);
});
