import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentsToRelease } from './held-agents.js';

const idle = (agent: string) => ({ agent, isBusy: false });
const busy = (agent: string) => ({ agent, isBusy: true });
const released = (agents: readonly { agent: string; isBusy: boolean }[], maxAgents: number) =>
  agentsToRelease(agents, agents.length, maxAgents).map(({ agent }) => agent);

describe('agentsToRelease', () => {
  it('releases the least recently served beyond the limit, oldest first', () => {
    expect(released([idle('a'), idle('b'), idle('c'), idle('d')], 2)).toEqual(['a', 'b']);
  });

  it.each([2, 3, Number.POSITIVE_INFINITY])('releases none of two agents at a limit of %s', (limit) => {
    expect(released([idle('a'), idle('b')], limit)).toEqual([]);
  });

  it('passes over the busy, and goes over the limit when all are', () => {
    expect(released([busy('a'), idle('b'), idle('c')], 2)).toEqual(['b']);
    expect(released([busy('a'), busy('b')], 1)).toEqual([]);
  });

  it('reads no further than it must', () => {
    function* endless() {
      for (let n = 0; ; n++) yield idle(`a${n}`);
    }
    expect(agentsToRelease(endless(), 101, 100)).toEqual([idle('a0')]);
  });

  it('releases the oldest idle agents, as many as are too many, or all idle ones', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), fc.nat(10), (flags, limit) => {
        const agents = flags.map((isBusy, n) => ({ agent: `${n}`, isBusy }));
        const oldestIdle = agents.filter(({ isBusy }) => !isBusy).map(({ agent }) => agent);
        expect(released(agents, limit)).toEqual(oldestIdle.slice(0, Math.max(0, agents.length - limit)));
      }),
    );
  });
});
