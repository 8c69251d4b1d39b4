import { describe, expect, it } from 'vitest';
import { type AgentOrder, agentPlan, type OrderFacts } from './agent-plan.js';

const idle: OrderFacts['agent'] = { home: 'w1', task: null, waiting: 0, pin: null, paused: null };
const task = (state: 'running' | 'lane' | 'yard', worker?: string) => ({
  ...idle,
  task: { id: 'a~1', state, ...(worker === undefined ? {} : { worker }) },
});
const pin = { worker: 'w9', kind: 'strict', untilMs: null } as const;
const paused = { by: 'anna', sinceMs: 0 };
const toW2 = { order: 'pin', worker: 'w2' } as const;

describe('agentPlan', () => {
  it.each<[string, AgentOrder, OrderFacts['agent'], string]>([
    ['pins an idle one', toW2, idle, 'Its next task would go to w2 and no other, until it is unpinned.'],
    [
      'pins softly and for a time',
      { ...toW2, soft: true, ttl: '1m' },
      idle,
      'Its next task would go to w2 while that takes tasks, for 60000 ms.',
    ],
    [
      'pins one that runs elsewhere',
      toW2,
      task('running', 'w1'),
      'Task a~1 would end on w1, and its next task would go to w2 and no other, until it is unpinned.',
    ],
    [
      'pins one that runs there',
      toW2,
      task('running', 'w2'),
      'Its next task would go to w2 and no other, until it is unpinned.',
    ],
    [
      'pins one that waits elsewhere',
      toW2,
      task('lane', 'w1'),
      'Task a~1 would leave the lane at once, and its tasks would go to w2 and no other, until it is unpinned.',
    ],
    [
      'moves one from the yard that is pinned',
      { order: 'move', worker: 'w2' },
      { ...task('yard'), pin },
      'Task a~1 would leave the yard at once, and its tasks would go to w2, and may move on after that. The pin to w9 would end.',
    ],
    [
      'unpins one',
      { order: 'unpin' },
      { ...idle, pin },
      'Its tasks would go anywhere again, no more to w9; its home stays w1.',
    ],
    ['unpins none', { order: 'unpin' }, idle, 'It is not pinned: nothing would change.'],
    ['releases none', { order: 'release' }, { ...idle, home: null }, 'It has no home: nothing would change.'],
    [
      'releases one that runs',
      { order: 'release' },
      { ...task('running', 'w1'), waiting: 2 },
      'w1 would close its state, so that its next task starts cold, wherever there is room; in its mailbox: 2. Task a~1 would end there first.',
    ],
    [
      'releases one that is pinned',
      { order: 'release' },
      { ...idle, pin },
      'w1 would close its state, so that its next task starts cold, on w9, where it is pinned; in its mailbox: 0.',
    ],
    [
      'pauses one that runs',
      { order: 'pause' },
      { ...task('running', 'w1'), waiting: 2 },
      'Its tasks would wait, in order, also those that come, until it is resumed; in its mailbox: 2. Task a~1 would end on w1 first.',
    ],
    [
      'pauses one that is paused',
      { order: 'pause' },
      { ...idle, paused },
      'It was paused by anna: nothing would change.',
    ],
    [
      'resumes one',
      { order: 'resume' },
      { ...idle, paused, waiting: 3 },
      'Its tasks would go on at once, in order; in its mailbox: 3.',
    ],
    ['resumes none', { order: 'resume' }, idle, 'It is not paused: nothing would change.'],
  ])('%s', (_, order, agent, said) => {
    expect(agentPlan(order, { agent, isRoutable: true })).toBe(said);
  });

  it('says what becomes of the tasks while the worker may not receive', () => {
    const plan = (order: AgentOrder) => agentPlan(order, { agent: idle, isRoutable: false });
    expect(plan(toW2)).toMatch(/w2 may not receive now: they would wait for it\.$/);
    expect(plan({ order: 'move', worker: 'w2' })).toMatch(
      /w2 may not receive now: others would run them until it may\.$/,
    );
    expect(plan({ ...toW2, soft: true })).toMatch(/others would run them until it may\.$/);
  });
});
