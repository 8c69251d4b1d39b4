import type { TaskFacts, WorkerStats } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { retryPlan } from './retry-plan.js';

const worker = { id: 'w1', isRoutable: true, labels: { gpu: 'a100' } } as unknown as WorkerStats;
const idle = { state: 'idle', home: 'w1', current: null, waiting: 0, pin: null, paused: null } as const;
const agent = (more: object) => ({ agent: { ...idle, ...more } as unknown as TaskFacts['agent'] });
const facts = (more: Partial<TaskFacts> = {}, state: TaskFacts['task']['state'] = 'failed'): TaskFacts => {
  const known = { agent: null, labels: {}, goesOnAt: null, workers: [worker], isPaused: false };
  return { task: { state }, ...known, ...more } as TaskFacts;
};
const again = 'It would run again with all its attempts';
const wait = 'No worker that may run it takes tasks now: it would wait for one.';

describe('retryPlan', () => {
  it.each<[string, TaskFacts, string]>([
    ['of no agent', facts(), `${again}.`],
    ['of an agent with a home', facts(agent({})), `${again}. Its agent's home is w1.`],
    ['of an agent without one', facts(agent({ home: null })), `${again}.`],
    ['of a busy agent', facts(agent({ home: null, current: 'a~2' })), `${again}, behind another task of its agent.`],
    [
      'of an agent with more to do',
      facts(agent({ home: null, current: 'a~2', waiting: 2 })),
      `${again}, behind 3 other tasks of its agent.`,
    ],
    ['of a pinned agent', facts(agent({ pin: { worker: 'w9' } })), `${again}. Its agent is pinned to w9.`],
    [
      'of a paused agent',
      facts(agent({ home: null, paused: { by: 'anna', sinceMs: 0 } })),
      `${again}. Its agent is paused by anna: it would wait until that is resumed.`,
    ],
    ['while the queue is paused', facts({ isPaused: true }), `${again}. The queue is paused: it would wait.`],
    ['while no worker takes tasks', facts({ workers: [{ ...worker, isRoutable: false }] }), `${again}. ${wait}`],
    ['whose labels are there', facts({ labels: { gpu: 'a100' } }), `${again}.`],
    ['whose labels are not there', facts({ labels: { gpu: 'h100' } }), `${again}. ${wait}`],
  ])('tells of a task %s', (_, given, would) => {
    expect(retryPlan(given)).toEqual({ outcome: 'retried', would });
  });

  it.each<[TaskFacts, string]>([
    [facts({}, 'missing'), 'missing'],
    [facts({}, 'running'), 'not-failed'],
    [facts({}, 'completed'), 'not-failed'],
    [facts({ goesOnAt: 'w1' }), 'not-failed'],
  ])('changes nothing of one that does not run again', (given, outcome) => {
    expect(retryPlan(given)).toEqual({ outcome, would: expect.stringMatching(/nothing would change\.$/) });
  });
});
