import { expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';

const start = commands();

it.each(['enqueue', 'plain-bullmq'])('examples/%s.mjs says in a line that there is no Redis', async (name) => {
  const example = start(['node', `examples/${name}.mjs`], { env: { SHUNT_REDIS_URL: 'redis://127.0.0.1:1' } });
  expect(await example.ended()).toBe(1);
  expect(example.output).toMatch(/^[^\n]*ECONNREFUSED 127\.0\.0\.1:1[^\n]*\n$/);
});
