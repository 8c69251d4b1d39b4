import { breakerPresets } from '@shunt/health';
import { describe, expect, it } from 'vitest';
import { poolBreaker, poolBreakerNames, workerBreaker, workerBreakerNames } from './breaker-settings.js';
import { readSettings } from './read-settings.js';

const worker = (environment: Record<string, string>) => workerBreaker(readSettings(workerBreakerNames, environment));
const pool = (environment: Record<string, string>) => poolBreaker(readSettings(poolBreakerNames, environment));

describe('workerBreaker', () => {
  it('leaves to the preset what is not set', () => {
    const { preset, ...others } = worker({}) as unknown as Record<string, unknown>;
    expect(preset).toBe('adaptive');
    expect(Object.values(others).every((value) => value === undefined)).toBe(true);
  });

  it('takes what is set', () => {
    const set = { SHUNT_BREAKER: 'plain', SHUNT_BREAKER_MIN_CALLS: '7', SHUNT_BREAKER_SLOW_CALL: '2s' };
    expect(worker(set)).toMatchObject({ preset: 'plain', minCalls: 7, slowCall: 2000 });
  });

  it('is none when it is off', () => {
    expect(worker({ SHUNT_BREAKER: 'off' })).toBe(false);
  });
});

describe('poolBreaker', () => {
  it('has the rules of the preset and no checks by default', () => {
    const healthCheck = { enabled: false, interval: 30_000, timeout: 5000, up: 2, down: 3 };
    const off = { stuckAfter: 30_000, healthCheck };
    expect(pool({})).toEqual({ breaker: breakerPresets.adaptive.pool, ...off });
    expect(pool({ SHUNT_BREAKER: 'plain' })).toEqual({ breaker: breakerPresets.plain.pool, ...off });
  });

  it('takes what is set', () => {
    const set = { SHUNT_BREAKER_OPEN: '1s', SHUNT_BREAKER_MAX_OPEN_SHARE: '0.1', SHUNT_HEALTH_CHECK: 'on' };
    expect(pool(set)).toMatchObject({
      breaker: { openMs: 1000, maxOpenShare: 0.1, panicShare: 0.5 },
      healthCheck: { enabled: true, interval: 30_000, timeout: 5000, up: 2, down: 3 },
    });
  });
});
