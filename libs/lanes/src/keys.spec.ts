import { describe, expect, it } from 'vitest';
import { KEY_PREFIX, poolKeys, queueNameOf } from './keys.js';

describe('the keys of a pool', () => {
  it('are under the name of the BullMQ queue, in one hash slot', () => {
    expect(queueNameOf('agents')).toBe('{agents}');
    expect(poolKeys(queueNameOf('agents')).prefix).toBe('shunt:{agents}:');
    expect(KEY_PREFIX).toBe('shunt');
  });

  it("are BullMQ's own where a name is BullMQ's, under any prefix", () => {
    expect(poolKeys('{agents}').of('wait')).toBe('shunt:{agents}:wait');
    expect(poolKeys('{agents}', 'bull').of('de:k')).toBe('bull:{agents}:de:k');
  });

  it('of a lane name its worker', () => {
    expect(poolKeys('{agents}').lane('w-1', 'prioritized')).toBe('shunt:{agents}:lane:w-1:prioritized');
  });

  it('may be made by functions passed on their own', () => {
    const { of, lane } = poolKeys('{agents}');
    expect(['yard', 'seq'].map(of)).toEqual(['shunt:{agents}:yard', 'shunt:{agents}:seq']);
    expect(lane('w', 'marker')).toBe('shunt:{agents}:lane:w:marker');
  });
});
