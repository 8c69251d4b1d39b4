import type { AlertNotice } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { OwnAlerts } from './own-alerts.js';

/** Looks a second apart; each step is until when somebody leads, relative to now, or null while Redis is down. */
async function watch(steps: readonly (number | null)[]) {
  const told: AlertNotice[] = [];
  let nowMs = 0;
  let leadsForMs: number | null = 0;
  const alerts = new OwnAlerts({
    leadsUntilMs: async () => {
      if (leadsForMs === null) throw new Error('Redis is down');
      return nowMs + leadsForMs;
    },
    tell: async (notice) => void told.push(notice),
    now: () => nowMs,
  });
  for (const step of steps) {
    leadsForMs = step;
    await alerts.look();
    nowMs += 1000;
  }
  const texts = told.map(({ text }) => text);
  return {
    current: alerts.current,
    told: told.map(({ alert, state, sinceMs }) => `${alert} ${state} ${sinceMs}`),
    texts,
  };
}
const times = (count: number, step: number | null) => new Array<number | null>(count).fill(step);

describe('the alerts of a dispatcher itself', () => {
  it('are none while somebody leads', async () => {
    expect(await watch(times(20, 5000))).toEqual({ current: {}, told: [], texts: [] });
  });

  it('tell once that nobody leads, and once that somebody does again', async () => {
    const { told, texts } = await watch([...times(20, -1), ...times(20, 5000)]);
    expect(told).toEqual(['no_leader firing 10000', 'no_leader resolved 25000']);
    expect(texts).toEqual([expect.stringContaining('No dispatcher leads'), 'A dispatcher leads']);
  });

  it('tell that Redis is down, and nothing of a leader meanwhile', async () => {
    const { current, told } = await watch([5000, ...times(15, null)]);
    expect(told).toEqual(['redis_down firing 6000']);
    expect(Object.keys(current)).toEqual(['redis_down']);
  });

  it('tell that Redis answers again', async () => {
    const { texts } = await watch([...times(15, null), ...times(10, 5000)]);
    expect(texts).toEqual([expect.stringContaining('Redis does not answer'), 'Redis answers']);
  });

  it('are pending for a short absence', async () => {
    const { current, told } = await watch(times(3, null));
    expect([current.redis_down?.state, told]).toEqual(['pending', []]);
  });
});
