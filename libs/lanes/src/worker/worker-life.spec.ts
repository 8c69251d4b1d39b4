import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkerLife } from './worker-life.js';

let nowMs: number;
let losses: number;
let life: WorkerLife;
beforeEach(() => {
  nowMs = 1000;
  losses = 0;
  life = new WorkerLife(
    'w',
    60_000,
    () => losses++,
    () => nowMs,
  );
});
afterEach(() => life.end());

describe('WorkerLife', () => {
  it('has no end before it is registered', () => {
    nowMs = 1e12;
    expect(life.isCurrent(life.incarnation)).toBe(true);
  });

  it('ends a lease after the call was sent that renewed it, however late the answer came', () => {
    const { incarnation } = life;
    nowMs = 50_000;
    life.renew(1000);
    nowMs = 60_999;
    expect(life.isCurrent(incarnation)).toBe(true);
    nowMs = 61_000;
    expect(life.isCurrent(incarnation)).toBe(false);
    expect([losses, life.lost]).toEqual([1, incarnation]);
    expect(life.incarnation).not.toBe(incarnation);
  });

  it('is lost once, and the next one has no end until Redis knows it', () => {
    life.renew(1000);
    nowMs = 100_000;
    for (let n = 0; n < 3; n++) life.isCurrent('another');
    expect(losses).toBe(1);
    nowMs = 1e12;
    expect(life.isCurrent(life.incarnation)).toBe(true);
  });

  it('remembers the life that was lost until the next one is registered', () => {
    const { incarnation } = life;
    life.lose();
    expect(life.lost).toBe(incarnation);
    life.renew(nowMs);
    expect(life.lost).toBeUndefined();
  });

  it('waits for an answer until it is over, and for no longer', async () => {
    expect(await life.during(async () => 1)).toBe(1);
    await expect(
      life.during(() => {
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    const never = new Promise<never>(() => undefined);
    const lost = life.during(() => never);
    life.lose();
    expect(await lost).toBeUndefined();
    const ended = life.during(() => never);
    life.end();
    expect(await ended).toBeUndefined();
  });

  it('is renewed by no answer that comes after its end', async () => {
    const lost: string[] = [];
    const life = new WorkerLife('w', 1, () => lost.push('lost'));
    life.end();
    life.renew(performance.now() - 2);
    expect(life.isCurrent(life.incarnation)).toBe(true);
    expect(lost).toEqual([]);
  });

  it('is over by its own timer, although nobody asks', async () => {
    const lost = await new Promise<boolean>((resolve) => {
      const short = new WorkerLife('w', 5, () => resolve(true));
      short.renew(performance.now());
    });
    expect(lost).toBe(true);
  });
});
