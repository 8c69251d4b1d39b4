import { expect, inject, it } from 'vitest';
import { TestPool } from '../support/pool.js';
import { root, textOf } from './pages.js';

it('the page on fencing shows the example as it is in the repository', () => {
  const [, code = ''] = /```js\n\/\/ examples\/fenced-store\.mjs\n([\s\S]*?)```/.exec(textOf('docs/fencing.md')) ?? [];
  expect(code).toBe(textOf('examples/fenced-store.mjs'));
});

it('the example stores what has the highest fence and refuses what comes late', async () => {
  process.env.STORE_URL = inject('redisUrl');
  const { default: handlers, save } = await import(`${root}examples/fenced-store.mjs`);
  const id = `fencing-${process.pid}`;
  const run = (fact: string, fence: number) => handlers.remember(fact, { agent: { id, fence } });
  expect(await run('one', 1_800_000_000_000_000)).toBe(`${id} remembers one`);
  expect(await run('one more', 1_800_000_000_000_000)).toBe(`${id} remembers one more`);
  expect(await run('two', 1_800_000_000_000_001)).toBe(`${id} remembers two`);
  await expect(save({ id, fence: 1_800_000_000_000_000 }, {})).rejects.toThrow(`agent ${id} has changed hands`);
  const pool = new TestPool();
  expect(await pool.redis.hget(`state:${id}`, 'state')).toBe('{"fact":"two"}');
  await pool.redis.del(`state:${id}`);
  await pool.close();
});
