import { describe, expect, it } from 'vitest';
import { type Alert, nextAlert, resolvedMs } from './alert.js';
import type { Reading } from './readings.js';

const raised: Reading = { isRaised: true, isCleared: false, value: 0.1, text: 'too much' };
const cleared: Reading = { isRaised: false, isCleared: true, value: 0, text: 'nothing' };
const between: Reading = { isRaised: false, isCleared: false, value: 0.045, text: 'a bit much' };
const hold = { forMs: 10_000, keepMs: 5000 };

/** The states after readings a second apart; null for no reading. */
function play(found: readonly (Reading | null)[], from?: Alert, holds = hold): readonly (Alert | undefined)[] {
  let alert = from;
  return found.map((reading, n) => {
    alert = nextAlert(alert, reading, holds, n * 1000);
    return alert;
  });
}
const times = (count: number, reading: Reading | null) => new Array<Reading | null>(count).fill(reading);
const states = (alerts: readonly (Alert | undefined)[]) => alerts.map((alert) => alert?.state ?? 'inactive');

describe('an alert', () => {
  it('is inactive without a finding', () => {
    expect(states(play([cleared, between, null]))).toEqual(['inactive', 'inactive', 'inactive']);
  });

  it('is pending until its rule has held for long enough, then fires untold', () => {
    const alerts = play(times(11, raised));
    expect(states(alerts)).toEqual([...new Array(10).fill('pending'), 'firing']);
    expect(alerts.at(-1)).toEqual({
      state: 'firing',
      sinceMs: 10_000,
      clearSinceMs: null,
      value: 0.1,
      text: 'too much',
      isTold: false,
    });
  });

  it('fires at once where its rule need not hold', () => {
    expect(states(play([raised], undefined, { forMs: 0, keepMs: 0 }))).toEqual(['firing']);
  });

  it('begins anew when its rule does not hold for a moment', () => {
    const alerts = play([...times(9, raised), between, ...times(11, raised)]);
    expect(alerts.filter((alert) => alert?.state === 'firing').map((alert) => alert?.sinceMs)).toEqual([20_000]);
  });

  const firing: Alert = { state: 'firing', sinceMs: 0, clearSinceMs: null, value: 0.1, text: 'too much', isTold: true };

  it('is resolved, untold, once it has been cleared for long enough, and tells by what', () => {
    const alerts = play(times(6, cleared), firing);
    expect(states(alerts)).toEqual([...new Array(5).fill('firing'), 'resolved']);
    expect(alerts.at(-1)).toMatchObject({ sinceMs: 5000, isTold: false, value: 0, text: 'nothing' });
  });

  it('goes on firing, told once, between the limits and through a short break', () => {
    const alerts = play([between, cleared, cleared, between, raised, ...times(4, cleared)], firing);
    expect(states(alerts)).toEqual(new Array(9).fill('firing'));
    expect(alerts.every((alert) => alert?.isTold && alert.sinceMs === 0)).toBe(true);
  });

  it('tells the newest finding while it is raised', () => {
    const [alert] = play([{ ...raised, value: 0.5, text: 'far too much' }], firing);
    expect(alert).toMatchObject({ value: 0.5, text: 'far too much' });
  });

  it('stays as it is while nothing can be read', () => {
    const pending: Alert = { ...firing, state: 'pending' };
    expect(play([null, null], firing)).toEqual([firing, firing]);
    expect(play([null], pending)).toEqual([pending]);
  });

  it('fires again after it was resolved, and is forgotten after a while', () => {
    const resolved: Alert = { ...firing, state: 'resolved' };
    expect(states(play(times(11, raised), resolved)).at(-1)).toBe('firing');
    expect(nextAlert(resolved, cleared, hold, resolvedMs - 1)).toBe(resolved);
    expect(nextAlert(resolved, cleared, hold, resolvedMs)).toBeUndefined();
  });
});
