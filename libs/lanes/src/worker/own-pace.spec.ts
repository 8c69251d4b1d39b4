import { stragglerRatio } from '@shunt/balancing';
import { describe, expect, it } from 'vitest';
import { OwnPace, triedAgainAfterMs } from './own-pace.js';

/** A worker that is ten times slower than it was, and called a straggler. Its last task ended at 0 ms. */
function straggler(usualMs = 100): OwnPace {
  const pace = new OwnPace();
  for (let n = 0; n < 100; n++) pace.ended(usualMs, 0);
  for (let n = 0; n < 50; n++) pace.ended(10 * usualMs, 0);
  pace.isStraggler = true;
  return pace;
}

describe('a worker beside its own past', () => {
  it('is not judged before its 60th task', () => {
    const pace = new OwnPace();
    for (let n = 0; n < 30; n++) pace.ended(100, 0);
    for (let n = 0; n < 29; n++) pace.ended(1000, 0);
    expect(pace.slowdown(0)).toBe(1);
    pace.ended(1000, 0);
    expect(pace.slowdown(0)).toBeGreaterThan(1);
  });

  it('is as slow as it was while tasks go on to end, and as long as it may be tried', () => {
    const pace = straggler();
    const slow = pace.slowdown(triedAgainAfterMs);
    expect(slow).toBeGreaterThan(stragglerRatio);
    pace.ended(1000, triedAgainAfterMs);
    expect(pace.slowdown(2 * triedAgainAfterMs)).toBeGreaterThanOrEqual(slow);
  });

  it('is tried again once it has ended nothing for a while, and one slow task is enough to be a straggler again', () => {
    const pace = straggler();
    expect(pace.slowdown(triedAgainAfterMs + 1)).toBeLessThan(stragglerRatio);
    pace.ended(1000, triedAgainAfterMs + 2);
    expect(pace.slowdown(triedAgainAfterMs + 3)).toBeGreaterThan(stragglerRatio);
  });

  it('is not tried while it may still run one of its tasks', () => {
    const pace = straggler(10_000);
    expect(pace.slowdown(2 * triedAgainAfterMs)).toBeGreaterThan(stragglerRatio);
    expect(pace.slowdown(20 * triedAgainAfterMs)).toBeLessThan(stragglerRatio);
  });

  it('stays tried while its tasks are as fast as before', () => {
    const pace = straggler();
    pace.slowdown(triedAgainAfterMs + 1);
    for (let n = 0; n < 100; n++) pace.ended(100, triedAgainAfterMs + 2);
    expect(pace.slowdown(triedAgainAfterMs + 3)).toBeLessThan(1.2);
  });

  it('has a new pace after a minute of slowness that makes it no straggler', () => {
    const pace = straggler();
    pace.isStraggler = false;
    pace.ended(1000, 0);
    expect(pace.slowdown(60_000)).toBeGreaterThan(stragglerRatio);
    pace.ended(1000, 60_001);
    expect(pace.slowdown(60_001)).toBe(1);
  });

  it('takes no notice of what takes less than 20 ms', () => {
    const pace = new OwnPace();
    for (let n = 0; n < 100; n++) pace.ended(0, 0);
    for (let n = 0; n < 100; n++) pace.ended(19, 0);
    expect(pace.slowdown(0)).toBe(1);
  });
});
