import { describe, expect, it } from 'vitest';
import { mayConnect, targetProblem } from './targets.js';

const targets = [
  { host: 'agents.example.com', port: undefined },
  { host: '*.internal', port: 8080 },
  { host: '[::1]', port: 9000 },
  { host: '127.0.0.1', port: undefined },
  { host: 'plain.example', port: 80 },
];

describe('targetProblem', () => {
  it.each([
    'http://agents.example.com/run?x=1',
    'https://AGENTS.example.com:443',
    'https://agents.example.com./',
    'http://a.b.internal:8080',
    'http://[::1]:9000/x',
    'http://0x7f.1/',
    'http://plain.example',
  ])('lets %s through', (url) => expect(targetProblem(new URL(url), targets)).toBeNull());

  it.each([
    ['http://agents.example.com:8080', 'is of a host and port'],
    ['http://evil-agents.example.com', 'is of a host and port'],
    ['http://agents.example.com.evil', 'is of a host and port'],
    ['http://internal:8080', 'is of a host and port'],
    ['http://a.internal', 'is of a host and port'],
    ['https://plain.example', 'is of a host and port'],
    ['http://2130706433:1/', 'is of a host and port'],
    ['ftp://agents.example.com', 'must be an http or https URL'],
    ['file:///etc/passwd', 'must be an http or https URL'],
    ['http://user@agents.example.com', 'must not hold a user or a password'],
    ['http://:word@agents.example.com', 'must not hold a user or a password'],
  ])('refuses %s', (url, problem) => expect(targetProblem(new URL(url), targets)).toContain(problem));
});

describe('mayConnect', () => {
  const open = mayConnect([]);

  it.each(['8.8.8.8', '2606:4700::1111', '172.15.0.1', '172.32.0.1', '100.128.0.1'])('lets %s through', (address) =>
    expect(open(address)).toBe(true),
  );

  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '192.168.1.1', '198.18.0.1'],
    ...['224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:10.0.0.1', '::ffff:7f00:1', 'fc00::1', 'fd12::1'],
    ...['fe80::1', 'ff02::1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fe80::1%eth0', 'no address'],
  ])('refuses %s', (address) => expect(open(address)).toBe(false));

  it('lets allowed networks through', () => {
    const some = mayConnect(['10.0.0.0/8', '::1']);
    expect(['10.9.9.9', '::1', '::ffff:10.0.0.1'].map(some)).toEqual([true, true, true]);
    expect(['192.168.0.1', '::2'].map(some)).toEqual([false, true]);
  });
});
