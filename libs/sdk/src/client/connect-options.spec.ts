import { isShuntError } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { connectSettings } from './connect-options.js';

function refusalOf(options: unknown): { message: string; fields: string[] } {
  try {
    connectSettings(options as never);
  } catch (error) {
    if (!isShuntError(error, 'INVALID_CONFIG')) throw error;
    return { message: error.message, fields: error.details.map(({ field }) => field) };
  }
  throw new Error('nothing was refused');
}

const secret = 'hunter2';

describe('connectSettings', () => {
  it('fills in the defaults, for undefined options too', () => {
    const defaults = {
      redis: 'redis://127.0.0.1:6379',
      pool: 'agents',
      prefix: undefined,
      timeoutMs: 5000,
      sessionTtlMs: 900_000,
      maxPayloadBytes: 262_144,
      schemas: new Map(),
    };
    expect(connectSettings({})).toEqual(defaults);
    const names = ['redis', 'pool', 'prefix', 'timeout', 'maxPayloadBytes', 'sessionTtl'];
    expect(connectSettings(Object.fromEntries(names.map((name) => [name, undefined])))).toEqual(defaults);
  });

  it('takes what it is told', () => {
    const redis = { host: 'redis', port: 1, tls: {} };
    const told = { redis, pool: 'p', prefix: 'x:y', timeout: '2s', maxPayloadBytes: 1, sessionTtl: 5 };
    expect(connectSettings(told)).toEqual({
      redis,
      pool: 'p',
      prefix: 'x:y',
      timeoutMs: 2000,
      maxPayloadBytes: 1,
      sessionTtlMs: 5,
      schemas: new Map(),
    });
    expect(connectSettings({ redis: 'rediss://user:pass@[::1]:6380/2' }).redis).toContain('rediss:');
  });

  it.each([
    ['redsi', 'redis'],
    ['poll', 'pool'],
    ['timeuot', 'timeout'],
    ['maxPayloadByte', 'maxPayloadBytes'],
    ['sessionTTL', 'sessionTtl'],
    ['perfix', 'prefix'],
  ])('suggests for %s the name %s', (name, near) => {
    expect(refusalOf({ [name]: secret })).toEqual({
      message: `${name} is not a known option: did you mean ${near}?`,
      fields: [name],
    });
  });

  it('lists every bad option', () => {
    expect(refusalOf({ pool: '', timeout: 0, sessionTtl: 'soon' }).fields.sort()).toEqual([
      'pool',
      'sessionTtl',
      'timeout',
    ]);
  });

  it.each([
    ...['', secret, `http://${secret}`, 'redis://', 'redis:///0', '127.0.0.1:6379', 6379, null, [], new Map()].map(
      (value) => ['redis', value] as const,
    ),
    ...['', 'a b', '{a}', 'a:b', 7, null].map((value) => ['pool', value] as const),
    ...['', '{a}', 'a b', 'x'.repeat(65), null].map((value) => ['prefix', value] as const),
    ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 'soon', '25d', null].map(
      (value) => ['timeout', value] as const,
    ),
    ...[0, -1, 1.5, 1024 * 1024 + 1, '1', null].map((value) => ['maxPayloadBytes', value] as const),
    ...[0, 'soon', '366d', null].map((value) => ['sessionTtl', value] as const),
  ])('refuses a bad %s: %s', (field, value) => {
    const { message, fields } = refusalOf({ [field]: value });
    expect(fields).toEqual([field]);
    expect(message).toMatch(new RegExp(`^${field} must be `));
    expect(message).not.toContain(secret);
  });

  it.each([null, 'redis://127.0.0.1', [], 5, new Map()])('refuses options that are no object (%#)', (options) => {
    expect(refusalOf(options)).toEqual({ message: 'options must be a plain object', fields: ['options'] });
  });
});
