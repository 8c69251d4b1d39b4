import { describe, expect, it } from 'vitest';
import { canonicalAddress, inNetworks, networkProblem } from './addresses.js';

describe('canonicalAddress', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:8080', '192.0.2.7'],
    ['2001:DB8:0:0::0001', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[::1]', '::1'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:C000:0207', '192.0.2.7'],
  ])('spells %s as %s', (text, address) => expect(canonicalAddress(text)).toBe(address));

  it.each([
    '',
    'unknown',
    '_hidden',
    '999.1.1.1',
    '1.2.3',
    '01.2.3.4',
    'fe80::1%eth0',
    '[192',
    '::1:80:x',
    '1.2.3.4:123456',
  ])('takes %j for no address', (text) => expect(canonicalAddress(text)).toBeNull());
});

describe('networkProblem', () => {
  it.each(['10.0.0.0/8', '192.0.2.7', '::1', 'fc00::/7', '0.0.0.0/0'])('accepts %s', (network) => {
    expect(networkProblem(network)).toBeNull();
  });

  it.each(['', '10.0.0.0/33', '10.0.0.0/', '10/8', 'fc00::/129', '10.0.0.0/8/8', 'loopback', '10.0.0.0/-1'])(
    'refuses %j',
    (network) => expect(networkProblem(network)).toMatch(/^must be an IP address/),
  );
});

describe('inNetworks', () => {
  it('finds addresses of both kinds, and what is in none of them', () => {
    const isIn = inNetworks(['10.0.0.0/8', '192.0.2.7', 'fc00::/7', '::1']);
    for (const address of ['10.1.2.3', '192.0.2.7', 'fd00::5', '::1']) expect(isIn(address)).toBe(true);
    for (const address of ['11.0.0.1', '192.0.2.8', '2001:db8::1', '::2']) expect(isIn(address)).toBe(false);
    expect(inNetworks([])('10.0.0.1')).toBe(false);
  });
});
