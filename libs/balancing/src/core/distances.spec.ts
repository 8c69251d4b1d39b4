import { describe, expect, it } from 'vitest';
import { distancesOf } from './distances.js';

describe('distancesOf', () => {
  const distancesFrom = distancesOf({ eu: { us: 90, ap: 180 } });

  it.each([
    ['eu', 'eu', 0],
    ['eu', 'us', 0.5],
    ['us', 'eu', 0.5],
    ['ap', 'eu', 1],
    ['us', 'ap', 1],
    ['eu', 'moon', 1],
    ['eu', undefined, 1],
    [undefined, 'eu', 0],
    [undefined, undefined, 0],
  ])('has %s to %s as %s of the farthest', (from, to, share) => {
    expect(distancesFrom(from)(to)).toBe(share);
  });

  it('knows only same and other without a table, and with one of zeros all told pairs are near', () => {
    expect([distancesOf()('eu')('eu'), distancesOf()('eu')('us')]).toEqual([0, 1]);
    expect(distancesOf({ eu: { us: 0 } })('us')('eu')).toBe(0);
  });

  it('takes zones named as properties of every object for zones', () => {
    expect(distancesOf({})('constructor')('toString')).toBe(1);
  });
});
