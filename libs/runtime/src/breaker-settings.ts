import { breakerPresets, type PoolRules } from '@shunt/health';
import type { BreakerOptions } from '@shunt/sdk';
import type { Settings } from './settings.js';

/** Settings by which a worker takes itself for sick. */
export const workerBreakerNames = [
  'SHUNT_BREAKER',
  'SHUNT_BREAKER_WINDOW',
  'SHUNT_BREAKER_FAILURE_RATE',
  'SHUNT_BREAKER_SLOW_CALL',
  'SHUNT_BREAKER_SLOW_RATE',
  'SHUNT_BREAKER_MIN_CALLS',
  'SHUNT_BREAKER_MIN_AGENTS',
  'SHUNT_BREAKER_CONSECUTIVE_FAILURES',
] as const;

/** Settings by which a dispatcher opens and closes breakers and asks workers whether they are well. */
export const poolBreakerNames = [
  'SHUNT_BREAKER',
  'SHUNT_BREAKER_OPEN',
  'SHUNT_BREAKER_OPEN_MAX',
  'SHUNT_BREAKER_PROBES',
  'SHUNT_BREAKER_SLOW_START',
  'SHUNT_BREAKER_MAX_OPEN_SHARE',
  'SHUNT_BREAKER_PANIC_SHARE',
  'SHUNT_STUCK_AFTER',
  'SHUNT_HEALTH_CHECK',
  'SHUNT_HEALTH_CHECK_INTERVAL',
  'SHUNT_HEALTH_CHECK_TIMEOUT',
  'SHUNT_HEALTH_CHECK_UP',
  'SHUNT_HEALTH_CHECK_DOWN',
] as const;

/** The `breaker` option of a worker. */
export function workerBreaker(settings: Settings<(typeof workerBreakerNames)[number]>): BreakerOptions | false {
  if (settings.SHUNT_BREAKER === 'off') return false;
  return {
    preset: settings.SHUNT_BREAKER,
    window: settings.SHUNT_BREAKER_WINDOW,
    failureRate: settings.SHUNT_BREAKER_FAILURE_RATE,
    slowCall: settings.SHUNT_BREAKER_SLOW_CALL,
    slowRate: settings.SHUNT_BREAKER_SLOW_RATE,
    minCalls: settings.SHUNT_BREAKER_MIN_CALLS,
    minAgents: settings.SHUNT_BREAKER_MIN_AGENTS,
    consecutiveFailures: settings.SHUNT_BREAKER_CONSECUTIVE_FAILURES,
  };
}

/** What a dispatcher's options say about the health of its workers. */
export function poolBreaker(settings: Settings<(typeof poolBreakerNames)[number]>) {
  const preset = settings.SHUNT_BREAKER === 'off' ? 'adaptive' : settings.SHUNT_BREAKER;
  const { pool } = breakerPresets[preset];
  const breaker: PoolRules = {
    openMs: settings.SHUNT_BREAKER_OPEN ?? pool.openMs,
    maxOpenMs: settings.SHUNT_BREAKER_OPEN_MAX ?? pool.maxOpenMs,
    probes: settings.SHUNT_BREAKER_PROBES ?? pool.probes,
    slowStartMs: settings.SHUNT_BREAKER_SLOW_START ?? pool.slowStartMs,
    maxOpenShare: settings.SHUNT_BREAKER_MAX_OPEN_SHARE ?? pool.maxOpenShare,
    panicShare: settings.SHUNT_BREAKER_PANIC_SHARE ?? pool.panicShare,
  };
  const healthCheck = {
    enabled: settings.SHUNT_HEALTH_CHECK === 'on',
    interval: settings.SHUNT_HEALTH_CHECK_INTERVAL,
    timeout: settings.SHUNT_HEALTH_CHECK_TIMEOUT,
    up: settings.SHUNT_HEALTH_CHECK_UP,
    down: settings.SHUNT_HEALTH_CHECK_DOWN,
  };
  return {
    breaker,
    stuckAfter: settings.SHUNT_STUCK_AFTER,
    healthCheck,
  };
}
