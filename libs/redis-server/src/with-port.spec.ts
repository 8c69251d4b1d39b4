import { describe, expect, it } from 'vitest';
import { withPort } from './with-port.js';

const taken = { kind: 'port-taken' } as const;

describe('withPort', () => {
  it('starts on the wanted port', async () => {
    expect(await withPort(7001, async (port) => ({ kind: 'started', value: port }))).toBe(7001);
  });

  it('fails when the wanted port is taken', async () => {
    await expect(withPort(7001, async () => taken)).rejects.toThrow('port 7001 on 127.0.0.1 is in use');
  });

  it('goes on to the next free port when one is taken from under it', async () => {
    const ports = [7001, 7002, 7003];
    const start = async (port: number) => (port < 7003 ? taken : { kind: 'started' as const, value: port });
    expect(await withPort(undefined, start, async () => ports.shift() ?? 0)).toBe(7003);
  });

  it('gives up after five free ports that were taken', async () => {
    let starts = 0;
    const start = async () => {
      starts += 1;
      return taken;
    };
    await expect(withPort(undefined, start, async () => 7001)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(starts).toBe(5);
  });
});
