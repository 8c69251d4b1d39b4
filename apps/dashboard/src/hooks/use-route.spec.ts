import { expect, it } from 'vitest';
import { routeOf } from './use-route.js';

it('reads a place in the page', () => {
  const read = (hash: string) => {
    const { page, id, query } = routeOf(hash);
    return [page, id, query.toString()];
  };
  expect(read('')).toEqual(['overview', '', '']);
  expect(read('#/workers')).toEqual(['workers', '', '']);
  expect(read('#/agents/a%2F1%3Fb')).toEqual(['agents', 'a/1?b', '']);
  expect(read('#/tasks?state=failed')).toEqual(['tasks', '', 'state=failed']);
  expect(read('#/agents/100%')).toEqual(['agents', '100%', '']);
});
