import { describe, expect, it } from 'vitest';
import { findNative } from './find-native.js';
import { findFreePort } from './free-port.js';
import { startNative } from './start-native.js';

describe('startNative', () => {
  it('goes on to another port when the one it found is taken', async () => {
    const search = await findNative(process.env, () => {});
    if (search.kind === 'none') {
      throw new Error(search.reason);
    }
    const first = await startNative(search.value, { durable: false });
    const offered = [first.port];
    const second = await startNative(search.value, { durable: false }, async () => offered.shift() ?? findFreePort());
    expect(offered).toEqual([]);
    expect(second.port).not.toBe(first.port);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('fails on a program that cannot be run', async () => {
    await expect(startNative({ path: '/nowhere/redis-server' }, {})).rejects.toThrow('cannot be run');
  });
});
