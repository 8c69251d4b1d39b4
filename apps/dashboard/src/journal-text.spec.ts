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

it('tells by which strategy an agent was placed, and on what grounds', () => {
  const placed = { event: 'placed', agent: 'a', worker: 'w1', reason: 'new', strategy: 'intelligent' };
  expect(sentenceOf(placed).text).toBe('→ w1 (new) by intelligent');
  const moved = { ...placed, event: 'moved', from: 'w2', grounds: 'load 0.5 x 0.4 = 0.2' };
  expect(sentenceOf(moved).text).toBe('w2 → w1 (new) by intelligent: load 0.5 x 0.4 = 0.2');
});

it('tells a death that no leader saw, and a task that brought its workers down', () => {
  const died = sentenceOf({ event: 'died', worker: 'w1', running: '2' });
  expect(died).toMatchObject({ worker: 'w1', text: 'died and is back: it takes back what it ran, 2', level: 'bad' });
  const poisoned = sentenceOf({ event: 'poisoned', task: 'a~1', agent: 'a', workers: 'w1, w2' });
  const text = 'task a~1 fails as poison: it was running on w1, w2 when they died';
  expect(poisoned).toMatchObject({ subject: 'a', agent: 'a', text, level: 'bad' });
});

it('tells who had a task run again or cancelled it, of an agent or of none', () => {
  const rerun = { event: 'rerun', task: 'a~1', by: 'anna', why: 'the disk is mended' };
  const text = 'task a~1 runs again (by anna: the disk is mended)';
  expect(sentenceOf({ ...rerun, agent: 'a' })).toMatchObject({ subject: 'a', agent: 'a', text });
  expect(sentenceOf(rerun)).toMatchObject({ subject: '', text });
  expect(sentenceOf({ event: 'cancelling', task: '~1', by: 'anna' }).text).toBe('task ~1 is told to end (by anna)');
  expect(sentenceOf({ event: 'cancelled', task: '~1', by: 'anna' }).text).toBe('task ~1 is cancelled (by anna)');
});
