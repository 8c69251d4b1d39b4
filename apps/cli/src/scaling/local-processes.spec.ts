import { describe, expect, it } from 'vitest';
import { LocalProcesses } from './local-processes.js';

function processes() {
  const did: string[] = [];
  const scaler = new LocalProcesses({
    start: async (id) => void did.push(`+${id}`),
    stop: async (id) => void did.push(`-${id}`),
  });
  return { scaler, did };
}

describe('LocalProcesses', () => {
  it('starts workers under the lowest free ids, once', async () => {
    const { scaler, did } = processes();
    scaler.note('w2', true);
    await scaler.resize(4, []);
    await scaler.resize(4, []);
    expect(did).toEqual(['+w1', '+w3', '+w4']);
  });

  it('stops only those that have nothing left, and no more than are too many', async () => {
    const { scaler, did } = processes();
    for (const id of ['w1', 'w2', 'w3']) scaler.note(id, true);
    await scaler.resize(1, []);
    await scaler.resize(2, ['w3', 'w2']);
    await scaler.resize(2, ['w9']);
    expect(did).toEqual(['-w2']);
  });

  it('starts another one for one that has ended', async () => {
    const { scaler, did } = processes();
    await scaler.resize(1, []);
    scaler.note('w1', false);
    await scaler.resize(1, []);
    expect(did).toEqual(['+w1', '+w1']);
  });

  it('does not count one that did not start', async () => {
    const { did } = processes();
    let fails = true;
    const scaler = new LocalProcesses({
      start: async (id) => {
        if (fails) throw new Error('no');
        did.push(id);
      },
      stop: async () => undefined,
    });
    await expect(scaler.resize(1, [])).rejects.toThrow('no');
    fails = false;
    await scaler.resize(1, []);
    expect(did).toEqual(['w1']);
  });
});
