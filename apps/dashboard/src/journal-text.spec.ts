import { expect, it } from 'vitest';
import { sentenceOf } from './journal-text.js';

it('names the agent of an entry as it is called', () => {
  const told = sentenceOf({ event: 'moved', agent: 'a%20b', from: 'w1', worker: 'w2', reason: 'dead' });
  expect(told).toMatchObject({ agent: 'a b', text: 'w1 → w2 (dead)' });
});

it('tells an entry of a key that no agent has, which leads nowhere, by the key', () => {
  const told = sentenceOf({ event: 'placed', agent: '50%', worker: 'w1', reason: 'new' });
  expect(told).toMatchObject({ subject: '50%', agent: undefined, text: '→ w1 (new)' });
});
