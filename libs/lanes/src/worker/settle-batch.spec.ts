import { describe, expect, it } from 'vitest';
import { type Ending, SettleBatch } from './settle-batch.js';

/** A batch whose calls answer with what they were told, and how many tasks each call had. */
function echoing() {
  const calls: number[] = [];
  const batch = new SettleBatch(async (endings) => {
    calls.push(endings.length);
    return endings.map(([id]) => id);
  });
  return { batch, calls };
}

describe('the ends of tasks', () => {
  it('of one turn are told by one call, and each has its own answer', async () => {
    const { batch, calls } = echoing();
    expect(await Promise.all(['a', 'b', 'c'].map((id) => batch.add([id])))).toEqual(['a', 'b', 'c']);
    expect(await batch.add(['d'])).toBe('d');
    expect(calls).toEqual([3, 1]);
  });

  it('are told by calls of 32 tasks and a million characters at most', async () => {
    const { batch, calls } = echoing();
    const large: Ending = ['x', 'y'.repeat(600_000)];
    await Promise.all([
      ...Array.from({ length: 40 }, (_, n) => batch.add([`${n}`])),
      batch.add(large),
      batch.add(large),
    ]);
    expect(calls).toEqual([32, 9, 1]);
  });

  it('of a call that fails fail together, and those after it do not', async () => {
    let isDown = true;
    const batch = new SettleBatch(async (endings) => {
      if (isDown) throw new Error('away');
      return endings.map(() => 0);
    });
    const both = await Promise.allSettled([batch.add(['a']), batch.add(['b'])]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isDown = false;
    expect(await batch.add(['a'])).toBe(0);
  });
});
