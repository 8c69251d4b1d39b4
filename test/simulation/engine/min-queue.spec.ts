import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, MinQueue } from './min-queue.js';

describe('MinQueue', () => {
  it('gives what was not removed by score, first come first among equals', () => {
    const anySteps = fc.array(fc.record({ score: fc.nat(20), isRemoved: fc.boolean() }));
    fc.assert(
      fc.property(anySteps, (steps) => {
        const queue = new MinQueue<number>();
        const entries = steps.map(({ score }, n) => queue.add(score, n));
        for (const [n, { isRemoved }] of steps.entries()) if (isRemoved) queue.remove(entries[n] as Entry<number>);
        const left = entries.filter(({ isGone }) => !isGone);
        expect(queue.size).toBe(left.length);
        const sorted = left.sort((a, b) => a.score - b.score || a.order - b.order).map(({ value }) => value);
        expect(queue.drain()).toEqual(sorted);
        expect(queue.size).toBe(0);
      }),
    );
  });

  it('has nothing first when it is empty, or all of it was removed', () => {
    const queue = new MinQueue<string>();
    expect(queue.first()).toBeUndefined();
    queue.remove(queue.add(1, 'a'));
    expect(queue.take()).toBeUndefined();
  });

  it('counts an entry that is removed twice once', () => {
    const queue = new MinQueue<string>();
    const entry = queue.add(1, 'a');
    queue.add(2, 'b');
    queue.remove(entry);
    queue.remove(entry);
    expect(queue.size).toBe(1);
  });
});
