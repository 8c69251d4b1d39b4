import { expect, it } from 'vitest';
import { textOf } from './pages.js';

const readme = textOf('README.md');

it('shows the examples as they are in the repository', () => {
  const shown = [...readme.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  expect(shown.map(([, file]) => file)).toEqual([
    'examples/handlers.mjs',
    'examples/enqueue.mjs',
    'examples/plain-bullmq.mjs',
  ]);
  for (const [, file = '', code] of shown) expect(textOf(file).trimEnd()).toBe(code?.trimEnd());
});
