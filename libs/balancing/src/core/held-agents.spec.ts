import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentsToRelease, type HeldAgent } from './held-agents.js';

const held = (agent: string, servedMs: number, isBusy = false): HeldAgent => ({ agent, servedMs, isBusy });

describe('agentsToRelease', () => {
  it('releases the least recently served beyond the limit, oldest first', () => {
    const agents = [held('c', 30), held('a', 10), held('d', 40), held('b', 20)];
    expect(agentsToRelease(agents, 2)).toEqual(['a', 'b']);
  });

  it('releases nobody at the limit, below it, and without one', () => {
    const agents = [held('a', 10), held('b', 20)];
    expect(agentsToRelease(agents, 2)).toEqual([]);
    expect(agentsToRelease(agents, 3)).toEqual([]);
    expect(agentsToRelease(agents, Number.POSITIVE_INFINITY)).toEqual([]);
  });

  it('passes over the busy, and goes over the limit when all are', () => {
    expect(agentsToRelease([held('a', 10, true), held('b', 20), held('c', 30)], 2)).toEqual(['b']);
    expect(agentsToRelease([held('a', 10, true), held('b', 20, true)], 1)).toEqual([]);
  });

  it('goes by name among equals', () => {
    expect(agentsToRelease([held('b', 10), held('a', 10)], 1)).toEqual(['a']);
  });

  it('never releases a busy agent, nor more than the excess, nor one served after one it keeps', () => {
    const anyHeld = fc.record({ agent: fc.string(), servedMs: fc.nat(50), isBusy: fc.boolean() });
    const anyAgents = fc.uniqueArray(anyHeld, { selector: ({ agent }) => agent });
    fc.assert(
      fc.property(anyAgents, fc.nat(10), (agents, limit) => {
        const released = new Set(agentsToRelease(agents, limit));
        const gone = agents.filter(({ agent }) => released.has(agent));
        const kept = agents.filter(({ agent, isBusy }) => !released.has(agent) && !isBusy);
        expect(gone.every(({ isBusy }) => !isBusy)).toBe(true);
        expect(gone.length).toBeLessThanOrEqual(Math.max(0, agents.length - limit));
        const latestGone = Math.max(...gone.map(({ servedMs }) => servedMs));
        expect(kept.every(({ servedMs }) => servedMs >= latestGone)).toBe(true);
      }),
    );
  });
});
