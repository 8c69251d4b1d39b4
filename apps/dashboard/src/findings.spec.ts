import { describe, expect, it } from 'vitest';
import type { LiveWorker, Overview } from './api/types.js';
import { findingsOf } from './findings.js';

const worker = (id: string, more: Partial<LiveWorker> = {}): LiveWorker => {
  const figures = { slots: 4, running: 1, waiting: 0, perSecond: 1, responseMs: 10, errorRatio: 0, zone: null };
  return { id, state: 'up', breaker: 'closed', ...figures, ...more };
};

const overview = (more: Partial<Overview> = {}): Overview => {
  const tasks = { intake: 0, yard: 0, lane: 0, mailbox: 0, running: 1, delayed: 0 };
  const known = { redis: { isUp: true, sinceMs: 0 }, leader: 'd1', tasks, unserved: 0, oldest: null, alerts: [] };
  return { ...(known as unknown as Overview), ...more };
};

const alert = (name: Overview['alerts'][number]['alert'], state: 'firing' | 'pending') => {
  return { alert: name, state, sinceMs: 0, value: 1, text: 'The finding' };
};

const titles = (...asked: Parameters<typeof findingsOf>) => findingsOf(...asked).map(({ title }) => title);

describe('what is wrong with a pool', () => {
  it('is nothing while all is well', () => {
    expect(findingsOf(overview(), [worker('w1')])).toEqual([]);
  });

  it('is that Redis is down and nothing else, as nothing else is known then', () => {
    const now = overview({ redis: { isUp: false, sinceMs: 5 }, alerts: [alert('node_down', 'firing')] });
    expect(titles(now, [])).toEqual(['Redis does not answer']);
  });

  it('is nothing where another worker took the place of a dead one', () => {
    expect(findingsOf(overview(), [worker('w1'), worker('w2', { state: 'replaced' })])).toEqual([]);
  });

  it('has the worst first', () => {
    const alerts = [
      alert('hot_worker', 'firing'),
      alert('high_error_rate', 'firing'),
      alert('slow_response', 'pending'),
    ];
    const found = findingsOf(overview({ alerts }), [worker('w1'), worker('w2', { state: 'dead' })]);
    expect(found.map(({ level, title }) => [level, title])).toEqual([
      ['bad', 'Too many attempts fail'],
      ['warn', 'One worker is far behind the others'],
      ['warn', 'Attempts take too long'],
      ['warn', 'Worker w2 is dead'],
    ]);
  });

  it('leads from late work to the task that is late', () => {
    const oldest = { id: 'a/1~x', state: 'lane', worker: 'w1', agentId: 'a/1', ageMs: 90_000 } as const;
    const [found] = findingsOf(overview({ alerts: [alert('work_is_late', 'firing')], oldest }), [worker('w1')]);
    expect(found).toMatchObject({ href: '#/tasks/a%2F1~x', detail: 'The finding. It waits in the lane of w1.' });
  });

  it('is told before an alert fires when no worker takes tasks', () => {
    expect(titles(overview(), [])).toEqual(['No worker runs']);
    expect(titles(overview(), [worker('w1', { state: 'drained' })])).toEqual([
      'No worker takes tasks',
      'Worker w1 is drained',
    ]);
    expect(titles(overview({ alerts: [alert('no_workers', 'firing')] }), [])).toEqual(['No worker takes tasks']);
  });
});
