import { breakerPresets, type SelfRules } from '@shunt/health';
import type { PoolConfig } from './hot-keys.js';
import { defined } from './told.js';

/** What a worker's own options say of what a pool's configuration may change. */
export interface WorkerOwn {
  readonly sessionTtl?: number;
  readonly breaker?: Partial<SelfRules> | false;
}

/** What of a worker may change while it runs. */
export interface WorkerTuning {
  /** How long an idle agent keeps its home, in ms. */
  readonly sessionTtlMs: number;
  /** From when on it takes itself for sick, null for never. */
  readonly rules: SelfRules | null;
}

/** What a worker goes by: its own options, and the pool's configuration over them key by key. */
export function workerTuning(own: WorkerOwn, { sessionTtl, breaker = {} }: PoolConfig): WorkerTuning {
  const { window, slowCall, failureRate, slowRate, minCalls, minAgents, consecutiveFailures } = breaker;
  const base = baseRules(own.breaker, breaker.preset);
  const told = { windowMs: window, slowMs: slowCall, failureRate, slowRate, minCalls, minAgents, consecutiveFailures };
  return {
    sessionTtlMs: sessionTtl ?? own.sessionTtl ?? defaultSessionTtlMs,
    rules: base && { ...base, ...defined(told) },
  };
}

/** How long an idle agent keeps its home unless told. */
export const defaultSessionTtlMs = 15 * 60_000;

type Preset = NonNullable<PoolConfig['breaker']>['preset'];

function baseRules(own: WorkerOwn['breaker'], preset: Preset): SelfRules | null {
  if (preset === 'off') return null;
  if (preset !== undefined) return breakerPresets[preset].self;
  return own === false ? null : { ...breakerPresets.adaptive.self, ...own };
}
