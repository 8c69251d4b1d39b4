import { isShuntError, type ShuntError } from '@shunt/sdk';
import { describe, expect, it } from 'vitest';
import type { Origin } from './given-settings.js';
import { type Environment, effectiveSettings, readSettings } from './read-settings.js';
import { type SettingName, settings } from './settings.js';

const all = Object.keys(settings) as SettingName[];

function problemsOf(environment: Environment, wanted: readonly SettingName[] = all): ShuntError<'INVALID_CONFIG'> {
  try {
    readSettings(wanted, environment);
  } catch (error) {
    if (isShuntError(error, 'INVALID_CONFIG')) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('readSettings', () => {
  it('gives every setting its default', () => {
    expect(readSettings(all, {})).toEqual({
      SHUNT_REDIS_URL: 'redis://127.0.0.1:6379',
      SHUNT_POOL: 'agents',
      SHUNT_PREFIX: 'shunt',
      SHUNT_HTTP_HOST: '127.0.0.1',
      SHUNT_HTTP_PORT: 7420,
      SHUNT_HTTP_RATE_LIMIT: 600_000,
      SHUNT_AGENT_HEADER: 'x-agent-id',
      SHUNT_AGENT_BY_ADDRESS: 'off',
      SHUNT_STRATEGY: 'least-connections',
      SHUNT_FACTOR_WEIGHTS: { load: 0.4, response: 0.3, errors: 0.2, distance: 0.1 },
      SHUNT_SESSION_TTL: 900_000,
      SHUNT_HEARTBEAT: 2000,
      SHUNT_LEASE: 10_000,
      SHUNT_SLOTS: 4,
      SHUNT_WEIGHT: 1,
      SHUNT_BIND: 'late',
      SHUNT_AFFINITY: 'soft',
      SHUNT_SPILL_AFTER: 'auto',
      SHUNT_MOVE_BUDGET: 0.1,
      SHUNT_SHUTDOWN_GRACE: 25_000,
      SHUNT_SHUTDOWN_ABORT: 5000,
      SHUNT_BREAKER: 'adaptive',
      SHUNT_STUCK_AFTER: 30_000,
      SHUNT_HEALTH_CHECK: 'off',
      SHUNT_HEALTH_CHECK_INTERVAL: 30_000,
      SHUNT_HEALTH_CHECK_TIMEOUT: 5000,
      SHUNT_HEALTH_CHECK_UP: 2,
      SHUNT_HEALTH_CHECK_DOWN: 3,
      SHUNT_LOG_LEVEL: 'info',
    });
  });

  it.each<[SettingName, string, unknown]>([
    ['SHUNT_REDIS_URL', 'rediss://user:p%40ss@redis.example:6380/2', 'rediss://user:p%40ss@redis.example:6380/2'],
    ['SHUNT_POOL', 'Agents_2.eu-1', 'Agents_2.eu-1'],
    ['SHUNT_PREFIX', 'test', 'test'],
    ['SHUNT_FACTOR_WEIGHTS', 'errors=2, load=0', { errors: 2, load: 0 }],
    ['SHUNT_ZONE_DISTANCES', 'eu-1:us=90,eu-1:ap=160.5', { 'eu-1': { us: 90, ap: 160.5 } }],
    ['SHUNT_ZONE', 'eu-1', 'eu-1'],
    ['SHUNT_LABELS', 'gpu=a100,example.com/region=eu', { gpu: 'a100', 'example.com/region': 'eu' }],
    ['SHUNT_HTTP_HOST', '::1', '::1'],
    ['SHUNT_HTTP_PORT', '0', 0],
    ['SHUNT_STRATEGY', 'consistent-hash', 'consistent-hash'],
    ['SHUNT_STRATEGIES', './strategies.js', './strategies.js'],
    ['SHUNT_SHADOW_STRATEGY', 'intelligent', 'intelligent'],
    ['SHUNT_SESSION_TTL', '1h', 3_600_000],
    ['SHUNT_HEARTBEAT', '250', 250],
    ['SHUNT_LEASE', '1m', 60_000],
    ['SHUNT_SLOTS', '10000', 10_000],
    ['SHUNT_WEIGHT', '0.5', 0.5],
    ['SHUNT_BIND', 'early', 'early'],
    ['SHUNT_AFFINITY', 'strict', 'strict'],
    ['SHUNT_SPILL_AFTER', '500ms', 500],
    ['SHUNT_SPILL_AFTER', '0', 0],
    ['SHUNT_MOVE_BUDGET', '0.05', 0.05],
    ['SHUNT_MAX_AGENTS', '500', 500],
    ['SHUNT_WORKER_ID', 'w-1', 'w-1'],
    ['SHUNT_HANDLERS', './handlers.js', './handlers.js'],
    ['SHUNT_AGENT_HEADER', 'X-Session', 'X-Session'],
    ['SHUNT_AGENT_COOKIE', 'sid', 'sid'],
    ['SHUNT_AGENT_BY_ADDRESS', 'on', 'on'],
    ['SHUNT_TRUSTED_PROXIES', '10.0.0.0/8,::1', ['10.0.0.0/8', '::1']],
    ['SHUNT_COMMAND', 'node agent.mjs', ['node', 'agent.mjs']],
    ['SHUNT_COMMAND', '["node", "my agent.mjs"]', ['node', 'my agent.mjs']],
    [
      'SHUNT_TARGET_HOSTS',
      'Agents.example.com, *.internal:8080,[::1]:9000,127.0.0.1',
      [
        { host: 'agents.example.com', port: undefined },
        { host: '*.internal', port: 8080 },
        { host: '[::1]', port: 9000 },
        { host: '127.0.0.1', port: undefined },
      ],
    ],
    ['SHUNT_TARGET_NETWORKS', '10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
    ['SHUNT_SHUTDOWN_GRACE', '0', 0],
    ['SHUNT_BREAKER', 'off', 'off'],
    ['SHUNT_BREAKER_FAILURE_RATE', '0.25', 0.25],
    ['SHUNT_BREAKER_WINDOW', '1m', 60_000],
    ['SHUNT_BREAKER_CONSECUTIVE_FAILURES', '0', 0],
    ['SHUNT_BREAKER_PANIC_SHARE', '1', 1],
    ['SHUNT_CONFIG', './pool.yaml', './pool.yaml'],
    ['SHUNT_HEALTH_CHECK', 'on', 'on'],
    ['SHUNT_HEALTH_URL', 'https://w.example/health', 'https://w.example/health'],
    ['SHUNT_LOG_LEVEL', 'silent', 'silent'],
  ])('reads %s=%s', (name, given, value) => {
    expect(readSettings([name], { [name]: given })).toEqual({ [name]: value });
  });

  it.each<[SettingName, string[], string]>([
    ['SHUNT_REDIS_URL', ['127.0.0.1:6379', 'http://a', 'redis://', 'redis://a b', 'redis://a:99999'], 'must be a URL'],
    ['SHUNT_POOL', ['a b', '{agents}', 'a:b', 'x'.repeat(65), '../x'], 'must be 1 to 64 characters'],
    ['SHUNT_PREFIX', ['a:b', 'x'.repeat(33)], 'must be 1 to 32 plain characters'],
    ['SHUNT_HTTP_HOST', [' ', 'a b', 'http://a'], 'must be a host name or an address'],
    ['SHUNT_HTTP_PORT', ['65536', '-1', '80.5', '1e3', ' 80'], 'must be a whole number from 0 to 65535'],
    [
      'SHUNT_STRATEGY',
      ['a b', 'x'.repeat(65)],
      'must be the name of a strategy, such as round-robin, weighted-round-robin, ',
    ],
    ['SHUNT_SESSION_TTL', ['0', '5 m', '-1s', '366d'], 'must be '],
    ['SHUNT_HEARTBEAT', ['9ms', '2x'], 'must be '],
    ['SHUNT_LEASE', ['29', 'ten'], 'must be '],
    ['SHUNT_SLOTS', ['0', '1.5', 'Infinity', '10001'], 'must be a whole number from 1 to 10000'],
    ['SHUNT_WEIGHT', ['0', '-1', 'Infinity', '0x10', ' 1', '1e3'], 'must be a number above 0'],
    ['SHUNT_WORKER_ID', ['a b', 'a:b'], 'must be 1 to 64 characters'],
    ['SHUNT_BIND', ['never'], 'must be one of late, early'],
    ['SHUNT_AFFINITY', ['sticky'], 'must be one of soft, strict, none'],
    ['SHUNT_SPILL_AFTER', ['-1', 'soon'], "must be 'auto' or a duration"],
    ['SHUNT_MOVE_BUDGET', ['-1', '1.5', '2', 'x'], 'must be a number from 0 to 1'],
    ['SHUNT_MAX_AGENTS', ['0', '1.5'], 'must be a whole number from 1 to 10000000'],
    ['SHUNT_AGENT_HEADER', ['a b', 'a:', 'x'.repeat(65)], 'must be a name of 1 to 64 characters'],
    ['SHUNT_AGENT_COOKIE', ['a=b', 'a;'], 'must be a name of 1 to 64 characters'],
    ['SHUNT_AGENT_BY_ADDRESS', ['yes'], 'must be on or off'],
    ['SHUNT_TRUSTED_PROXIES', ['10.0.0.0/99'], 'must be networks'],
    ['SHUNT_COMMAND', [' ', '[', '[]', '[1]', '[""]', '[{}]'], 'must be a program and its arguments'],
    ['SHUNT_TARGET_HOSTS', ['http://a', 'a,', 'a:0', 'a:70000', 'a b', '*'], 'must be hosts such as'],
    ['SHUNT_TARGET_NETWORKS', ['10.0.0.0/33', 'a', '10.0.0.0/8,'], 'must be networks such as'],
    ['SHUNT_SHUTDOWN_GRACE', ['-1', 'soon'], 'must be '],
    ['SHUNT_LOG_LEVEL', ['loud', 'INFO'], 'must be one of debug, info, warn, error, silent'],
  ])('refuses a bad %s by name, without its value', (name, values, message) => {
    for (const value of values) {
      const { details } = problemsOf({ [name]: value }, [name]);
      expect(details).toEqual([{ field: name, message: expect.stringContaining(message) }]);
    }
  });

  it.each(all)('refuses an empty %s', (name) => {
    expect(problemsOf({ [name]: '' }, [name]).details).toEqual([{ field: name, message: 'must not be empty' }]);
  });

  it.each(['undefined', 'null', 'NaN'])('refuses the word %s for every setting', (word) => {
    const { details } = problemsOf(Object.fromEntries(all.map((name) => [name, word])));
    const message = `must not be the word ${word}: whatever sets it had no value`;
    expect(details).toEqual(all.map((field) => ({ field, message })));
  });

  it('refuses a lease of less than three heartbeats, as the least that would do', () => {
    expect(problemsOf({ SHUNT_LEASE: '5s' }).message).toBe(
      'Invalid settings:\n  SHUNT_LEASE must be at least three times SHUNT_HEARTBEAT: 6s or more',
    );
    expect(problemsOf({ SHUNT_HEARTBEAT: '4s' }).details).toEqual([
      { field: 'SHUNT_LEASE', message: 'must be at least three times SHUNT_HEARTBEAT: 12s or more' },
    ]);
    expect(readSettings(all, { SHUNT_LEASE: '6s' }).SHUNT_LEASE).toBe(6000);
    expect(readSettings(['SHUNT_LEASE'], { SHUNT_LEASE: '5s', SHUNT_HEARTBEAT: '4s' }).SHUNT_LEASE).toBe(5000);
  });

  it('lists all problems at once', () => {
    const environment = { SHUNT_SLOTS: '0', SHUNT_POOL: 'a b', SHUNT_POLL: 'x', SHUNT_LEASE: '1s' };
    expect(problemsOf(environment).message.split('\n')).toEqual([
      'Invalid settings:',
      '  SHUNT_POLL is not a known setting: did you mean SHUNT_POOL?',
      expect.stringMatching(/^ {2}SHUNT_POOL must be 1 to 64/),
      '  SHUNT_SLOTS must be a whole number from 1 to 10000',
      '  SHUNT_LEASE must be at least three times SHUNT_HEARTBEAT: 6s or more',
    ]);
  });

  it('never tells a value that it refused', () => {
    const { message, details } = problemsOf({ SHUNT_REDIS_URL: 'redis//:hunter2@host', SHUNT_TOKEN: 'hunter2' });
    expect(message + JSON.stringify(details)).not.toContain('hunter2');
  });

  it('minds only the wanted settings', () => {
    expect(readSettings(['SHUNT_POOL'], { SHUNT_SLOTS: 'many' })).toEqual({ SHUNT_POOL: 'agents' });
  });

  it("takes an app's own default before the table's, and the environment before both", () => {
    const own = { SHUNT_HTTP_PORT: '0' };
    expect(readSettings(['SHUNT_HTTP_PORT'], {}, own).SHUNT_HTTP_PORT).toBe(0);
    expect(readSettings(['SHUNT_HTTP_PORT'], { SHUNT_HTTP_PORT: '81' }, own).SHUNT_HTTP_PORT).toBe(81);
  });
});

const given = (values: Environment, origin: Origin = 'environment') => {
  return { values, originOf: (name: SettingName) => (values[name] === undefined ? 'default' : origin) };
};

describe('effectiveSettings', () => {
  it('tells each value with its origin and leaves out what has none', () => {
    const wanted = ['SHUNT_POOL', 'SHUNT_SLOTS', 'SHUNT_HTTP_PORT', 'SHUNT_WORKER_ID'] as const;
    expect(effectiveSettings(wanted, given({ SHUNT_POOL: 'p' }), { SHUNT_HTTP_PORT: '0' })).toEqual({
      SHUNT_POOL: 'p (environment)',
      SHUNT_SLOTS: '4 (default)',
      SHUNT_HTTP_PORT: '0 (default)',
    });
  });

  it('masks all of a setting that is a secret itself', () => {
    const values = { SHUNT_ALERT_WEBHOOK: 'https://hooks.example/T0/B0/hunter2' };
    expect(effectiveSettings(['SHUNT_ALERT_WEBHOOK'], given(values, 'file'))).toEqual({
      SHUNT_ALERT_WEBHOOK: '*** (file)',
    });
  });

  it('masks the hashes of API keys', () => {
    const values = { SHUNT_API_KEYS: `ci:submitter:${'a'.repeat(64)}` };
    expect(effectiveSettings(['SHUNT_API_KEYS'], given(values))).toEqual({
      SHUNT_API_KEYS: 'ci:submitter:*** (environment)',
    });
  });

  it.each([
    ['redis://:hunter2@host:6379', 'redis://***@host:6379'],
    ['redis://user:hunter2@host/2', 'redis://***@host/2'],
    ['rediss://hunter2@host', 'rediss://***@host'],
    ['redis://user:hun@ter2@host', 'redis://***@host'],
    ['redis://user:hun/ter2@host', 'redis://***@host'],
    ['redis://host/2?password=hunter2', 'redis://host/2?***'],
    ['redis://host:6379', 'redis://host:6379'],
  ])('masks the secrets of %s', (url, shown) => {
    expect(effectiveSettings(['SHUNT_REDIS_URL'], given({ SHUNT_REDIS_URL: url }))).toEqual({
      SHUNT_REDIS_URL: `${shown} (environment)`,
    });
  });
});
