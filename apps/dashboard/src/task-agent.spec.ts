import { expect, it } from 'vitest';
import { agentOfTask } from './task-agent.js';

it.each([
  ['a-42~01J9ZQ', 'a-42'],
  ['a%20b%2F1~x', 'a b/1'],
  ['~x', null],
  ['order-7', undefined],
  ['50%~x', undefined],
  ['%FF~x', undefined],
  ['a~b~c', undefined],
  ['a~', undefined],
])('reads of the task id %s the agent %s', (id, agent) => {
  expect(agentOfTask(id)).toBe(agent);
});
