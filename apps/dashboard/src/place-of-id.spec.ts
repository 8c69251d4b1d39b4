import { expect, it } from 'vitest';
import { placeOfId } from './place-of-id.js';

it('leads to a worker that is known, to a task by its tilde, else to an agent', () => {
  const place = (id: string) => placeOfId(id, ['w1', 'w~2']);
  expect(['w1', 'w~2', 'a~x', 'w3', 'a/1 b'].map(place)).toEqual([
    '#/workers/w1',
    '#/workers/w~2',
    '#/tasks/a~x',
    '#/agents/w3',
    '#/agents/a%2F1%20b',
  ]);
});
