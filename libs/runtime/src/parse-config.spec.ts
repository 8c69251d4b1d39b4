import { expect, it } from 'vitest';
import { parseConfig } from './parse-config.js';

it.each<[string, unknown]>([
  [
    'sessionTtl: 30m\nbreaker:\n  failureRate: 0.4 # of the calls\n',
    { sessionTtl: '30m', breaker: { failureRate: 0.4 } },
  ],
  [
    '{ "sessionTtl": 60000, "healthCheck": { "enabled": true } }',
    { sessionTtl: 60_000, healthCheck: { enabled: true } },
  ],
  ['{eu: {us: 90}}', { eu: { us: 90 } }],
  ['off', 'off'],
  ['', null],
])('reads %j', (text, value) => {
  expect(parseConfig(text, 'file')).toEqual(value);
});

it.each([
  ['a: 1\nb: [2', 'pool.yaml is no YAML, from line 2, column 6 on'],
  ['a: 1\na: 2', 'pool.yaml is no YAML, from line 2, column 1 on'],
  ['a: *b', 'pool.yaml is no YAML, from line 1, column 1 on'],
])('refuses %j with the place', (text, message) => {
  expect(() => parseConfig(text, 'pool.yaml')).toThrow(message);
});
