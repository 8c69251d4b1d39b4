import type { WorkerRecord } from '@shunt/lanes';
import type { AlertStatus } from '@shunt/sdk';
import { describe, expect, it } from 'vitest';
import { diagnose, type Symptoms } from './diagnose.js';

const nowMs = 1_000_000;
const worker = (id: string, some: object = {}) =>
  ({
    id,
    isRoutable: true,
    incarnation: 'life',
    leaseUntilMs: nowMs,
    load: { configVersion: 3 },
    ...some,
  }) as unknown as WorkerRecord;
const led = { alert: 'no_leader', state: 'inactive' } as AlertStatus;
const healthy: Symptoms = {
  redis: { version: '7.0.15', maxmemoryPolicy: 'noeviction', appendonly: true, isWriteFailing: false },
  maxmemoryBytes: 1e9,
  usedBytes: 7e8,
  nowMs,
  clockAheadMs: 3,
  isPaused: false,
  pausedAgents: [],
  checkup: { orphanLanes: [], stuckAgents: [], agents: 4 },
  workers: [worker('w1'), worker('w2')],
  configVersion: 3,
  alerts: [led],
};
const redis = (some: object) => ({ redis: { ...healthy.redis, ...some } });
const checkup = (some: object) => ({ checkup: { ...healthy.checkup, ...some } });
const firing = [led, { alert: 'node_down', state: 'firing' } as AlertStatus];
const notGood = (some: object) => diagnose({ ...healthy, ...some }).filter(({ verdict }) => verdict !== 'good');

describe('a doctor', () => {
  it('finds nothing in a pool that is well', () => {
    expect(notGood({})).toEqual([]);
  });

  it.each([
    ['Redis version', 'bad', redis({ version: '6.2.19' })],
    ['Redis version', 'poor', redis({ version: null })],
    ['eviction', 'bad', redis({ maxmemoryPolicy: 'allkeys-lru' })],
    ['eviction', 'poor', redis({ maxmemoryPolicy: null })],
    ['durability', 'bad', redis({ appendonly: false })],
    ['durability', 'poor', redis({ appendonly: null })],
    ['disk', 'bad', redis({ isWriteFailing: true })],
    ['memory', 'poor', { maxmemoryBytes: 0 }],
    ['memory', 'bad', { usedBytes: 7.5e8 }],
    ['memory', 'bad', { usedBytes: 1.2e9 }],
    ['clock', 'poor', { clockAheadMs: -1500 }],
    ['clock', 'poor', { clockAheadMs: 1500 }],
    ['leader', 'bad', { alerts: [{ alert: 'no_leader', state: 'pending' }] }],
    ['workers', 'bad', { workers: [] }],
    ['workers', 'bad', { workers: [worker('w1', { isRoutable: false })] }],
    ['workers', 'poor', { workers: [worker('w1'), worker('w2', { isRoutable: false })] }],
    ['workers', 'bad', { workers: [worker('w1'), worker('w2', { leaseUntilMs: nowMs - 3001 })] }],
    ['pause', 'bad', { isPaused: true, pausedAgents: ['a'] }],
    ['pause', 'poor', { pausedAgents: ['a'] }],
    ['configuration', 'poor', { workers: [worker('w1', { load: { configVersion: 2 } })] }],
    ['orphan lanes', 'bad', checkup({ orphanLanes: ['w9'] })],
    ['stuck agents', 'bad', checkup({ stuckAgents: ['a'] })],
    ['alerts', 'poor', { alerts: firing }],
  ])('finds by %s what is %s, with a fix', (check, verdict, some) => {
    const [finding, ...others] = notGood(some);
    expect([finding?.check, finding?.verdict, others]).toEqual([check, verdict, []]);
    expect(finding?.fix).toMatch(/./);
  });

  it('misses no dead worker that another one is in place of', () => {
    const dead = worker('w0', { isRoutable: false, incarnation: null, isReplaced: true });
    expect(notGood({ workers: [worker('w1'), dead] })).toEqual([]);
  });

  it('tells a worker that nobody declares dead by its lease, and for how long that is over', () => {
    const silent = worker('w2', { leaseUntilMs: nowMs - 61_000 });
    expect(notGood({ workers: [worker('w1'), silent] })[0]?.text).toBe(
      'worker w2 is silent, and counts as there: its lease is over for 61 s',
    );
    expect(notGood({ workers: [worker('w1', { leaseUntilMs: nowMs - 3000 })] })).toEqual([]);
  });

  it('tells how full Redis is', () => {
    const [finding] = diagnose({ ...healthy, usedBytes: 9e8 }).filter(({ check }) => check === 'memory');
    expect(finding?.text).toBe('90 % of maxmemory are used: new tasks are refused');
    expect(notGood({ maxmemoryBytes: null, usedBytes: null })).toEqual([]);
  });

  it('names a few of many', () => {
    const [finding] = notGood(checkup({ stuckAgents: [...'abcdefg'] }));
    expect(finding?.text).toBe('a, b, c, d, e and 2 more: the current task is nowhere');
  });

  it('says of one worker and of several what is so', () => {
    const out = { isRoutable: false };
    const text = (...workers: WorkerRecord[]) => notGood({ workers })[0]?.text;
    expect(text(worker('w1'), worker('x1', out))).toBe('worker x1 receives nothing');
    expect(text(worker('w1'), worker('x1', out), worker('x2', out))).toBe('workers x1, x2 receive nothing');
    expect(text(worker('x1', out))).toBe('the only one, x1, receives nothing');
  });
});
