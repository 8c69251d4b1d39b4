import { describe, expect, it } from 'vitest';
import { Waits } from './waits.js';

const farMs = () => performance.now() + 3_600_000;
const never = () => new Promise<never>(() => undefined);
const late = () => 'late';

describe('Waits', () => {
  it('settles as the promise does', async () => {
    const waits = new Waits();
    expect(await waits.until(farMs(), Promise.resolve(1), late)).toBe(1);
    await expect(waits.until(farMs(), Promise.reject(new Error('no')), late)).rejects.toThrow('no');
  });

  it('ends at the deadline with what onLate returns or throws', async () => {
    const waits = new Waits();
    expect(await waits.until(performance.now() - 1, never(), late)).toBe('late');
    const refuse = () => {
      throw new Error('too late');
    };
    await expect(waits.until(performance.now() + 1, never(), refuse)).rejects.toThrow('too late');
  });

  it('takes a rejection after the deadline without an unhandled one', async () => {
    let reject = (_: Error) => {};
    const promise = new Promise<never>((_, fail) => {
      reject = fail;
    });
    expect(await new Waits().until(performance.now(), promise, late)).toBe('late');
    reject(new Error('nobody listens'));
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('fails every wait under way when closed', async () => {
    const waits = new Waits();
    const under = [waits.until(farMs(), never(), late), waits.pause(farMs())];
    waits.close();
    expect(waits.isClosed).toBe(true);
    for (const wait of under) await expect(wait).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('fails a wait that begins when it is closed, whatever becomes of its promise', async () => {
    const waits = new Waits();
    waits.close();
    const closed = { code: 'STORE_UNAVAILABLE' };
    await expect(waits.until(farMs(), never(), late)).rejects.toMatchObject(closed);
    await expect(waits.until(farMs(), Promise.reject(new Error('nobody listens')), late)).rejects.toMatchObject(closed);
    await new Promise((resolve) => setImmediate(resolve));
  });
});
