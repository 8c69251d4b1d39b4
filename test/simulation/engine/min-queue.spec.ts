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

  it('finds the first that fits among what was not removed', () => {
    const anySteps = fc.array(fc.record({ score: fc.nat(20), isRemoved: fc.boolean(), fits: fc.boolean() }));
    fc.assert(
      fc.property(anySteps, (steps) => {
        const queue = new MinQueue<{ readonly n: number; readonly fits: boolean }>();
        const entries = steps.map(({ score, fits }, n) => queue.add(score, { n, fits }));
        for (const [n, { isRemoved }] of steps.entries())
          if (isRemoved) queue.remove(entries[n] as (typeof entries)[0]);
        const found = queue.firstThat(({ fits }) => fits)?.value;
        expect(found).toBe(queue.drain().find(({ fits }) => fits));
      }),
    );
  });

  it('finds the best up to a score', () => {
    const queue = new MinQueue<number>();
    const [, removed] = [queue.add(1, 5), queue.add(2, 9), queue.add(3, 7), queue.add(4, 8)];
    queue.remove(removed as Entry<number>);
    expect(queue.bestUpTo(3, (value) => value)?.value).toBe(7);
    expect(queue.bestUpTo(0, (value) => value)).toBeUndefined();
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
