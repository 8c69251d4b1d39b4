import { expect, it } from 'vitest';
import { agentOfKey } from './agent-of-key.js';

it.each([
  ['a-42', 'a-42'],
  ['a%20b%2F1', 'a b/1'],
  ['%FF', undefined],
  [undefined, undefined],
])('reads of the agent key %s the agent %s', (key, agent) => {
  expect(agentOfKey(key)).toBe(agent);
});
