import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nothingFor } from './handed-out.js';
import { TakenAhead } from './taken-ahead.js';

const worker = randomUUID();
const slot = (number: number) => `${worker}:${number}`;
const taken = (task: string) => ({ task, incarnation: 'life', fetched: nothingFor(0) });

/** Tasks taken ahead, and how often some were to be given back. */
function aheadOf() {
  const told = { left: 0 };
  const ahead = new TakenAhead(() => {
    told.left++;
    ahead.leave();
  });
  return { ahead, told };
}

describe('tasks taken ahead', () => {
  it('are for the slots that BullMQ names next', () => {
    const { ahead } = aheadOf();
    expect(ahead.claim(slot(7))).toBeUndefined();
    expect(ahead.behind(slot(7), 2)).toEqual([slot(8), slot(9)]);
    ahead.keep(slot(8), taken('a'));
    expect(ahead.isEmpty).toBe(false);
    expect(ahead.claim(slot(8))).toMatchObject({ task: 'a' });
    expect(ahead.claim(slot(8))).toBeUndefined();
    expect(ahead.isEmpty).toBe(true);
  });

  it('are none behind a slot that is fetched for again: its neighbours run', () => {
    const { ahead } = aheadOf();
    for (const number of [1, 2, 3]) ahead.claim(slot(number));
    ahead.claim(slot(1));
    expect(ahead.behind(slot(1), 5)).toEqual([]);
    ahead.claim(slot(3));
    expect(ahead.behind(slot(3), 1)).toEqual([slot(4)]);
  });

  it('have a slot that is fetched for wait for a pull that may fill it, however that ends', async () => {
    const { ahead } = aheadOf();
    ahead.claim(slot(1));
    let fail: (error: Error) => void = () => undefined;
    const pulling = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const pulled = ahead.during([slot(2)], pulling);
    const told: string[] = [];
    const fetches = [1, 2].map((number) => ahead.named(slot(number)).then(() => told.push(`fetches ${number}`)));
    await fetches[0];
    expect(told).toEqual(['fetches 1']);
    fail(new Error('no answer'));
    await expect(pulled).rejects.toThrow('no answer');
    await fetches[1];
    await ahead.named(slot(2));
    expect(told).toEqual(['fetches 1', 'fetches 2']);
  });

  it('are none behind a slot that somebody else named', () => {
    const { ahead } = aheadOf();
    for (const token of ['mine', 'mine:1', `${worker}`, '']) {
      ahead.claim(token);
      expect(ahead.behind(token, 3)).toEqual([]);
    }
  });

  it('are to be given back once BullMQ has gone past their slot', () => {
    const { ahead, told } = aheadOf();
    ahead.claim(slot(1));
    ahead.keep(slot(2), taken('a'));
    ahead.claim(slot(1));
    expect(told.left).toBe(0);
    expect(ahead.claim(slot(3))).toBeUndefined();
    expect(told.left).toBe(1);
    expect(ahead.isEmpty).toBe(true);
  });
});
