import type { TaskFacts, WorkerStats } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { explain } from './explain.js';

const worker = (more: Partial<WorkerStats> = {}) =>
  ({ id: 'w1', isRoutable: true, slots: 2, running: 0, waiting: 0, ...more }) as WorkerStats;
const agent = {
  state: 'busy',
  home: null,
  current: 'a~1',
  waiting: 2,
  fence: 0,
  forgottenInMs: null,
  pin: null,
  paused: null,
} as const;
const paused = { agent: { ...agent, state: 'paused', paused: { by: 'ops', sinceMs: 0 } } } as const;
const pinned = {
  agent: { ...agent, pin: { worker: 'w1', kind: 'strict', untilMs: null } },
  isParked: true,
  dueAtMs: 2000,
} as const;
const facts = (state: TaskFacts['task']['state'], more: Partial<TaskFacts> = {}): TaskFacts => ({
  task: { state, worker: 'w1' },
  agent,
  ahead: 0,
  labels: {},
  dueAtMs: null,
  isParked: false,
  failedReason: '',
  deaths: 0,
  lateAtMs: null,
  overtimeMs: null,
  cancelling: null,
  goesOnAt: null,
  workers: [worker()],
  isPaused: false,
  isLed: true,
  nowMs: 1000,
  ...more,
});

describe('explain', () => {
  it.each<[string, TaskFacts, RegExp, RegExp | null]>([
    ['missing', facts('missing'), /no such task/, null],
    ['completed', facts('completed'), /has completed/, null],
    ['failed', facts('failed', { failedReason: 'no money' }), /has failed: no money\./, /retry/],
    ['ended by force', facts('failed', { goesOnAt: 'w1' }), /by force.* goes on at worker w1/, /heed its signal/],
    ['running', facts('running'), /runs on worker w1/, null],
    ['running, just past its timeout', facts('running', { overtimeMs: 999 }), /^It runs on worker w1\.$/, null],
    [
      'running, long past its timeout',
      facts('running', { overtimeMs: 59_000 }),
      /^It runs on worker w1, 59 s past its timeout: its handler does not heed its signal/,
      /heed its signal; .*--force/,
    ],
    [
      'running, told to end',
      facts('running', { cancelling: 'cancelled while it ran: user left', overtimeMs: 1500 }),
      /^It runs on worker w1, and is told to end \(cancelled while it ran: user left\), of which its worker hears by its next heartbeat\.$/,
      /^If it goes on, its handler does not heed its signal: .*--force/,
    ],
    ['waits for children', facts('waiting-children'), /child tasks/, null],
    [
      'in the mailbox of a paused agent',
      facts('mailbox', paused),
      /^It waits because its agent is paused by ops since 1970-01-01T00:00:00\.000Z\.$/,
      /^Resume/,
    ],
    [
      'delayed, of a paused agent',
      facts('delayed', { ...paused, dueAtMs: 61_000 }),
      /^It is due in 60 s, and its agent is paused by ops/,
      /^Resume/,
    ],
    [
      'in a mailbox while the queue is paused',
      facts('mailbox', { ahead: 2, isPaused: true }),
      /^It waits behind 2 earlier tasks of its agent, and the queue is paused\.$/,
      /^Resume the queue/,
    ],
    [
      'delayed while the queue is paused',
      facts('delayed', { dueAtMs: 61_000, isPaused: true }),
      /^It is due in 60 s, and the queue is paused\.$/,
      /^Resume the queue/,
    ],
    [
      'in a mailbox, its ttl over',
      facts('mailbox', { ahead: 1, lateAtMs: 0 }),
      /at a time\. Its ttl is over since 1970-01-01T00:00:00\.000Z: it fails unrun when its turn comes\.$/,
      /See why task/,
    ],
    ['in a lane, its ttl not over', facts('lane', { lateAtMs: 1000 }), /about to take it\.$/, null],
    ['running, its ttl over', facts('running', { lateAtMs: 0 }), /^It runs on worker w1\.$/, null],
    ['running, of a paused agent', facts('running', paused), /runs on worker w1/, null],
    ['delayed', facts('delayed', { dueAtMs: 61_000 }), /due in 60 s/, null],
    [
      'parked for a pin to a worker that is out',
      facts('delayed', { ...pinned, workers: [worker({ isRoutable: false })] }),
      /^It waits for worker w1, to which its agent is pinned and which may not receive\.$/,
      /unpin/,
    ],
    [
      'parked for a pin to one that is gone',
      facts('delayed', { ...pinned, workers: [] }),
      /waits for worker w1/,
      /unpin/,
    ],
    [
      'parked for a pin to one that lacks a label',
      facts('delayed', { ...pinned, labels: { gpu: 'a100' } }),
      /does not carry gpu=a100/,
      /unpin/,
    ],
    ['parked for a pin to a worker that is back', facts('delayed', pinned), /due in 1 s/, null],
    ['a later retry of a pinned agent', facts('delayed', { ...pinned, workers: [], dueAtMs: 61_000 }), /in 60 s/, null],
    ['delayed itself, of a pinned agent', facts('delayed', { ...pinned, isParked: false, workers: [] }), /1 s/, null],
    ['in a mailbox', facts('mailbox', { ahead: 2 }), /behind 2 earlier tasks/, /task a~1/],
    ['in the intake', facts('intake'), /takes a moment/, null],
    ['in the intake of nobody', facts('intake', { isLed: false }), /no dispatcher leads/, /Start a dispatcher/],
    ['paused', facts('lane', { isPaused: true }), /queue is paused/, /Resume/],
    [
      'in the lane of a full worker',
      facts('lane', { workers: [worker({ running: 2, waiting: 3 })] }),
      /2 slots are taken/,
      /Add/,
    ],
    ['in the lane of a free worker', facts('lane'), /about to take it/, null],
    ['in the lane of one that is gone', facts('lane', { workers: [] }), /which is gone/, /sweep/],
    ['in the yard without workers', facts('yard', { workers: [] }), /there is no worker/, /Start a worker/],
    [
      'in the yard with workers out',
      facts('yard', { workers: [worker({ isRoutable: false })] }),
      /no worker may receive it: each of 1 is \w+\./,
      /Let one receive again/,
    ],
    [
      'in the yard with dead workers',
      facts('yard', { workers: [worker({ isRoutable: false, incarnation: null })], deaths: 2 }),
      /each of 1 is dead\. 2 workers have died while they ran it\./,
      /Start a worker/,
    ],
    ['running once more', facts('running', { deaths: 1 }), /w1\. A worker has died while it ran it\./, /logs/],
    ['in the yard for labels', facts('yard', { labels: { gpu: 'a100' } }), /carries gpu=a100/, /labels/],
    ['in the yard, all full', facts('yard', { workers: [worker({ running: 1, waiting: 1 })] }), /is full/, /Add/],
    ['in the yard of nobody', facts('yard', { isLed: false }), /no dispatcher leads/, /Start a dispatcher/],
    [
      'in the yard without workers and dispatchers',
      facts('yard', { workers: [], isLed: false }),
      /there is no worker\. No dispatcher leads the pool either\./,
      /Start a worker\. Start a dispatcher too\./,
    ],
    ['in the yard for a moment', facts('yard'), /about to get one/, null],
  ])('says why a task is %s', (_, given, why, advice) => {
    const told = explain(given);
    expect(told).toMatchObject({ state: given.task.state, why: expect.stringMatching(why) });
    if (advice === null) expect(told.advice).toBeNull();
    else expect(told.advice).toMatch(advice);
  });
});
