import { describe, expect, it } from 'vitest';
import { OutcomeWindow } from './outcome-window.js';

const ok = { agent: 'a', isFailure: false, durationMs: 1 };
const failed = (agent = 'a') => ({ agent, isFailure: true, durationMs: 1 });
const windowOf = () => new OutcomeWindow(10_000, 500);

describe('OutcomeWindow', () => {
  it('says nothing before the first attempt', () => {
    expect(windowOf().sums(0)).toEqual({ calls: 0, failures: 0, slow: 0, agents: 0, consecutiveFailures: 0 });
  });

  it('sums up calls, failures, slow calls and the agents of both', () => {
    const window = windowOf();
    window.add(ok, 0);
    window.add(failed('b'), 10);
    window.add(failed('b'), 2000);
    window.add({ agent: 'c', isFailure: false, durationMs: 500 }, 2000);
    expect(window.sums(2000)).toEqual({ calls: 4, failures: 2, slow: 1, agents: 2, consecutiveFailures: 0 });
  });

  it.each([
    [9999, 2],
    [10_000, 1],
    [10_999, 1],
    [11_000, 0],
  ])('remembers at %s ms %s of the attempts at 0 and 1000', (nowMs, calls) => {
    const window = windowOf();
    window.add(ok, 0);
    window.add(ok, 1000);
    expect(window.sums(nowMs).calls).toBe(calls);
  });

  it('counts failures in a row however long ago, until an attempt does not fail', () => {
    const window = windowOf();
    for (const nowMs of [0, 60_000, 120_000]) window.add(failed(), nowMs);
    expect(window.sums(200_000)).toMatchObject({ calls: 0, consecutiveFailures: 3 });
    window.add(ok, 200_000);
    expect(window.sums(200_000).consecutiveFailures).toBe(0);
  });

  it('remembers no more agents than it needs', () => {
    const window = windowOf();
    for (let n = 0; n < 10_000; n++) window.add(failed(`a${n}`), 0);
    expect(window.sums(0)).toMatchObject({ failures: 10_000, agents: 64 });
  });

  it('is clean until one fails or is slow, and again once that is forgotten', () => {
    const window = windowOf();
    window.add(ok, 0);
    expect(window.isClean(0)).toBe(true);
    window.add(failed(), 1);
    expect([window.isClean(1), window.isClean(100_000)]).toEqual([false, true]);
    window.add({ ...ok, durationMs: 1_000_000 }, 100_001);
    expect(window.isClean(100_001)).toBe(false);
  });

  it('forgets all when told', () => {
    const window = windowOf();
    window.add(failed(), 0);
    window.clear();
    expect(window.sums(0)).toEqual({ calls: 0, failures: 0, slow: 0, agents: 0, consecutiveFailures: 0 });
  });
});
