import { type BreakerPresetName, breakerPresets, type SelfRules } from '@shunt/health';
import { checked, type Duration, duration, durationMs, wholeNumber } from '@shunt/input';
import { z } from 'zod';

/** From when on a worker takes itself for sick. What is not said is the preset's. */
export interface BreakerOptions {
  /** `adaptive` goes by rates over a window, `plain` by five failures in a row. Defaults to `adaptive`. */
  readonly preset?: BreakerPresetName | undefined;
  /** Window that rates are taken over. Defaults to 30 s. */
  readonly window?: Duration | undefined;
  /** Share of failures, above 0 to 1. Defaults to 0.5. */
  readonly failureRate?: number | undefined;
  /** From which duration a call is slow. Defaults to 60 s. */
  readonly slowCall?: Duration | undefined;
  /** Share of slow calls, above 0 to 1. Defaults to 0.8. */
  readonly slowRate?: number | undefined;
  /** Fewest calls in the window that say anything. Defaults to 10. */
  readonly minCalls?: number | undefined;
  /** Fewest distinct agents that failed or were slow. Defaults to 3. */
  readonly minAgents?: number | undefined;
  /** Failures in a row that are enough, 0 for no such rule. Defaults to 0. */
  readonly consecutiveFailures?: number | undefined;
}

const presets = Object.keys(breakerPresets) as [BreakerPresetName];
const rate = checked<number>((value) => {
  const isRight = typeof value === 'number' && value > 0 && value <= 1;
  return isRight ? null : 'must be a number above 0 and at most 1, such as 0.5';
});
const mostCounted = 1_000_000;

/** What `breaker` may be: `false` for none, or its options. */
export const breakerShape = z.preprocess(
  (value) => (value === false ? {} : value),
  z.strictObject(
    {
      preset: z.enum(presets, `must be one of ${presets.join(', ')}`).optional(),
      window: duration({ minMs: 10 }).optional(),
      failureRate: rate.optional(),
      slowCall: duration({ minMs: 1 }).optional(),
      slowRate: rate.optional(),
      minCalls: wholeNumber(1, mostCounted).optional(),
      minAgents: wholeNumber(1, mostCounted).optional(),
      consecutiveFailures: wholeNumber(0, mostCounted).optional(),
    },
    'must be false or an object of rules',
  ),
);

/** The rules a worker judges itself by, `false` for none. */
export function selfRules(breaker: BreakerOptions | false = {}): SelfRules | false {
  if (breaker === false) return false;
  const { preset = 'adaptive', window, slowCall, ...others } = breaker;
  const told = Object.entries(others).filter(([, value]) => value !== undefined);
  return {
    ...breakerPresets[preset].self,
    ...Object.fromEntries(told),
    ...(window === undefined ? {} : { windowMs: durationMs(window) }),
    ...(slowCall === undefined ? {} : { slowMs: durationMs(slowCall) }),
  };
}
