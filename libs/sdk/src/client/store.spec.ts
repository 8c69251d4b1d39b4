import { expect, inject, it } from 'vitest';
import { refusalOf } from '../../../../test/support/refusal.js';
import { Store } from './store.js';

it('a deadline that is over is no fault of a Redis that answers', async ({ onTestFinished }) => {
  const store = new Store(inject('redisUrl'), 'p');
  onTestFinished(() => store.close());
  await store.call(performance.now() + 60_000, (redis) => redis.ping());
  const error = await refusalOf(() => store.call(performance.now() - 1, (redis) => redis.ping()));
  expect(error.code).toBe('DEADLINE_EXCEEDED');
});
