import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expired, liveness, nextExpiryMs } from './liveness.js';

const lease = (leaseUntilMs: number, id = 'w') => ({ id, leaseUntilMs });

describe('liveness', () => {
  it.each([
    [9_999, 'alive'],
    [10_000, 'alive'],
    [11_000, 'alive'],
    [11_001, 'expired'],
  ] as const)('has a worker with a lease until 10,000 and a margin of 1,000 at %s %s', (nowMs, state) => {
    expect(liveness(lease(10_000), nowMs, 1000)).toBe(state);
  });

  it('never brings a worker back by the mere passing of time', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(10_000), (untilMs, nowMs, laterMs, marginMs) => {
        fc.pre(liveness(lease(untilMs), nowMs, marginMs) === 'expired');
        expect(liveness(lease(untilMs), nowMs + laterMs, marginMs)).toBe('expired');
      }),
    );
  });
});

describe('expired', () => {
  it('names the workers whose lease and margin are over, in their order', () => {
    const leases = [lease(5000, 'c'), lease(20_000, 'b'), lease(8999, 'a'), lease(9000, 'edge')];
    expect(expired(leases, 10_000, 1000)).toEqual(['c', 'a']);
  });

  it('names nobody where there are no workers', () => {
    expect(expired([], 10_000, 1000)).toEqual([]);
  });

  it('brings each back that renewed its lease', () => {
    expect(expired([lease(5000)], 10_000, 1000)).toEqual(['w']);
    expect(expired([lease(15_000)], 10_000, 1000)).toEqual([]);
  });
});

describe('nextExpiryMs', () => {
  it('is when the first of those alive has expired', () => {
    const leases = [lease(5000), lease(12_000), lease(9500)];
    const inMs = nextExpiryMs(leases, 10_000, 1000);
    expect(expired(leases, 10_000 + inMs - 1, 1000)).toHaveLength(1);
    expect(expired(leases, 10_000 + inMs, 1000)).toHaveLength(2);
  });

  it('never comes where nobody is alive', () => {
    expect(nextExpiryMs([lease(5000)], 10_000, 1000)).toBe(Number.POSITIVE_INFINITY);
    expect(nextExpiryMs([], 10_000, 1000)).toBe(Number.POSITIVE_INFINITY);
  });
});
