import { describe, expect, it } from 'vitest';
import { type Addresses, agentOfRequest, type KeyChain, type KeyRequest } from './agent-of-request.js';

/** Knows addresses of four numbers, and believes proxies in 10.x. */
const addresses: Addresses = {
  canonical: (text) => /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/.exec(text)?.[1] ?? null,
  isTrusted: (address) => address.startsWith('10.'),
};
const whole: KeyChain = { header: 'x-agent-id', cookie: 'agent', addresses };
const of = (request: Partial<KeyRequest>, chain: Partial<KeyChain> = {}) =>
  agentOfRequest({ headers: {}, ...request }, { ...whole, ...chain });
const told = (agentId: string, by: string) => ({ kind: 'agent', agentId, by });
const none = { kind: 'none' };
const full = {
  agentId: 'named',
  headers: { 'x-agent-id': 'by-header', cookie: 'agent=by-cookie' },
  peer: '192.0.2.7',
};

describe('agentOfRequest', () => {
  it('takes what the request names, then the header, the cookie and the address', () => {
    expect(of(full)).toEqual(told('named', 'agentId'));
    expect(of({ ...full, agentId: undefined })).toEqual(told('by-header', 'header'));
    expect(of({ headers: { cookie: 'agent=by-cookie' }, peer: full.peer })).toEqual(told('by-cookie', 'cookie'));
    expect(of({ peer: full.peer })).toEqual(told('ip:192.0.2.7', 'address'));
    expect(of({})).toEqual(none);
  });

  it('leaves out links that are switched off', () => {
    const request = { ...full, agentId: undefined };
    expect(of(request, { header: null })).toEqual(told('by-cookie', 'cookie'));
    expect(of(request, { header: null, cookie: null })).toEqual(told('ip:192.0.2.7', 'address'));
    expect(of(request, { header: null, cookie: null, addresses: null })).toEqual(none);
  });

  it('looks at a header and a cookie by the names it is told', () => {
    const headers = { 'x-session': 's', cookie: 'agent=a; sid=c' };
    expect(of({ headers }, { header: 'x-session' })).toEqual(told('s', 'header'));
    expect(of({ headers }, { cookie: 'sid' })).toEqual(told('c', 'cookie'));
  });

  it('passes over a header and a cookie that are empty', () => {
    const headers = { 'x-agent-id': '  ', cookie: 'agent=' };
    expect(of({ headers, peer: full.peer })).toEqual(told('ip:192.0.2.7', 'address'));
    expect(of({ headers: { 'x-agent-id': [], cookie: 'agent=""' } })).toEqual(none);
  });

  it.each([
    ['', 'must be 1 to 256 characters'],
    ['a'.repeat(257), 'must be 1 to 256 characters'],
    ['a\u0000b', 'must not contain control characters'],
    ['a\r\nset-cookie: x', 'must not contain control characters'],
    ['a\u0085', 'must not contain control characters'],
  ])('refuses %j and never goes on to the next link', (agentId, message) => {
    expect(of({ ...full, agentId })).toEqual({ kind: 'refused', field: 'agentId', message });
    if (agentId === '') return;
    const headers = { ...full.headers, 'x-agent-id': agentId };
    expect(of({ headers, peer: full.peer })).toEqual({ kind: 'refused', field: 'header x-agent-id', message });
  });

  it('refuses a bad cookie by its name, also one that is percent-encoded', () => {
    const refused = (message: string) => ({ kind: 'refused', field: 'cookie agent', message });
    expect(of({ headers: { cookie: 'agent=a%00b' } })).toEqual(refused('must not contain control characters'));
    const long = { cookie: `agent=${'a'.repeat(10_000)}` };
    expect(of({ headers: long })).toEqual(refused('must be 1 to 256 characters'));
  });

  it('refuses a header that is there twice', () => {
    const headers = { 'x-agent-id': ['a', 'b'] };
    expect(of({ headers })).toMatchObject({ kind: 'refused', field: 'header x-agent-id' });
  });

  it.each([
    ['agent=a; agent=b', 'a'],
    ['other=1;agent = a ', 'a'],
    ['agent="a b"', 'a b'],
    ['agent=a%40b', 'a@b'],
    ['agent=%E0%A4%A', '%E0%A4%A'],
    ['agent=a=b', 'a=b'],
    ['xagent=1; agent=a', 'a'],
    [`${'junk; '.repeat(2000)}agent=a`, 'a'],
    [`${Array.from({ length: 2000 }, (_, n) => `c${n}=${n}`).join('; ')}; agent=a`, 'a'],
  ])('reads the cookie of its name out of %.40s', (cookie, agentId) => {
    expect(of({ headers: { cookie } })).toEqual(told(agentId, 'cookie'));
  });

  it.each(['', ';;;', '=a', 'agent', 'Agent=a', '__proto__=a'])('finds no cookie in %j', (cookie) => {
    expect(of({ headers: { cookie } })).toEqual(none);
  });

  it.each([
    ['the peer, whatever it forwards, when it is no proxy of ours', '192.0.2.7', '203.0.113.9', '192.0.2.7'],
    ['what a trusted proxy says of it', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['the last one that no proxy of ours speaks for', '10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['the first of a way through proxies of ours', '10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3'],
    ['the proxy, when what it forwards is no address', '10.0.0.1', '203.0.113.9, unknown', '10.0.0.1'],
    ['the proxy, when it forwards nothing', '10.0.0.1', '', '10.0.0.1'],
    ['an address without its port', '10.0.0.1:443', '203.0.113.9:5000', '203.0.113.9'],
  ])('takes for the client %s', (_what, peer, forwarded, address) => {
    const headers = { 'x-forwarded-for': forwarded };
    expect(of({ headers, peer })).toEqual(told(`ip:${address}`, 'address'));
  });

  it('joins the lines of a header that is there several times, as the proxies wrote it', () => {
    const headers = { 'x-forwarded-for': ['1.1.1.1', '203.0.113.9, 10.0.0.2'] };
    expect(of({ headers, peer: '10.0.0.1' })).toEqual(told('ip:203.0.113.9', 'address'));
  });

  it('looks through 32 proxies at most', () => {
    const headers = { 'x-forwarded-for': `203.0.113.9,${'10.0.0.2,'.repeat(5000)}10.0.0.3` };
    expect(of({ headers, peer: '10.0.0.1' })).toEqual(told('ip:10.0.0.2', 'address'));
  });

  it('knows no client whose address nobody can read', () => {
    expect(of({ peer: 'somewhere' })).toEqual(none);
  });
});
