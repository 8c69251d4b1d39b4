import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Breaker, neverOpened } from './breaker.js';
import { type Member, nextBreakers } from './pool-breakers.js';

const rules = { openMs: 5000, maxOpenMs: 60_000, probes: 3, slowStartMs: 30_000, maxOpenShare: 0.34, panicShare: 0.5 };
const member = (id: string, some: Partial<Member> = {}): Member => ({
  id,
  life: id,
  attempts: { ended: 0, failed: 0 },
  isSick: false,
  mayProbe: true,
  breaker: neverOpened,
  order: 'auto',
  isServing: true,
  ...some,
});
const open = (until = 5000): Breaker => ({ state: 'open', openings: 1, untilMs: until, life: 'x' });
const halfOpen: Breaker = { state: 'half-open', openings: 1, life: 'x', from: { ended: 0, failed: 0 } };
const pool = (size: number, some: Partial<Member> = {}) =>
  Array.from({ length: size }, (_, n) => member(`w${n}`, some));
const openOf = (members: readonly Member[], nowMs = 0) =>
  [...nextBreakers(members, rules, nowMs)].filter(([, { state }]) => state === 'open').map(([id]) => id);

describe('nextBreakers', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
    [6, 2],
    [9, 3],
    [100, 34],
  ])('of %s workers that are all sick opens %s', (size, opened) => {
    expect(openOf(pool(size, { isSick: true }))).toHaveLength(opened);
  });

  it('opens the first ones it is given', () => {
    expect(openOf(pool(6, { isSick: true }))).toEqual(['w0', 'w1']);
  });

  it('counts those that are open already', () => {
    const members = [member('o', { breaker: open(), life: 'x' }), ...pool(2, { isSick: true })];
    expect(openOf(members)).toEqual(['o']);
  });

  it('opens none where less than half of the pool would be left', () => {
    const dead = pool(3, { isServing: false });
    expect(openOf([...dead, ...pool(3, { isSick: true }).map((m) => ({ ...m, id: `s${m.id}` }))])).toEqual([]);
  });

  it('opens no half-open one again once too few others are left', () => {
    const failing = { breaker: halfOpen, life: 'x', attempts: { ended: 9, failed: 9 } };
    const of = (...others: Member[]) => nextBreakers([member('h', failing), ...others], rules, 0).get('h')?.state;
    expect(of(...pool(1))).toBe('open');
    expect(of(...pool(1, { isServing: false }))).toBe('half-open');
    expect(of(...pool(1), ...pool(2, { isServing: false }))).toBe('half-open');
    expect(of()).toBe('half-open');
  });

  it('does as an operator says, whatever the pool can spare', () => {
    expect(openOf([member('w', { order: 'open' })])).toEqual(['w']);
    expect(openOf([member('w', { order: 'closed', isSick: true, breaker: open(), life: 'x' })])).toEqual([]);
  });

  it('goes on by itself once nothing is ordered any more', () => {
    const forced = nextBreakers([member('w', { order: 'open' })], rules, 0).get('w') as Breaker;
    const next = nextBreakers([member('w', { breaker: forced })], rules, 10).get('w');
    expect(next?.state).toBe('half-open');
  });

  it('opens nobody beyond the share, nor where less than half would be left', () => {
    const anyMember = fc.record({ isSick: fc.boolean(), isServing: fc.boolean(), isOpen: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyMember, { maxLength: 40 }), (drawn) => {
        const members = drawn.map(({ isOpen, ...some }, n) =>
          member(`w${n}`, { ...some, life: 'x', breaker: isOpen ? open() : neverOpened }),
        );
        const now = openOf(members);
        if (now.length === members.filter(({ breaker }) => breaker.state === 'open').length) return;
        const healthy = members.filter(({ id, isServing }) => isServing && !now.includes(id)).length;
        expect(now.length).toBeLessThanOrEqual(Math.max(1, Math.floor(rules.maxOpenShare * members.length)));
        expect(healthy).toBeGreaterThanOrEqual(Math.max(1, rules.panicShare * members.length) - 1);
      }),
    );
  });
});
