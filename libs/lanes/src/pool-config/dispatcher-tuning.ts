import type { Binding, IntelligentOptions, Strategy } from '@shunt/balancing';
import {
  type AlertLimits,
  breakerPresets,
  type PoolRules,
  type ScaleLimits,
  usualLimits,
  usualScale,
} from '@shunt/health';
import type { HealthChecksOptions } from '../dispatcher/health-checks.js';
import type { PullPolicy } from '../dispatcher/pull-tuner.js';
import { chooseStrategy, type StrategyOptions } from '../dispatcher/strategy-choice.js';
import type { PoolConfig } from './hot-keys.js';
import { defined } from './told.js';
import { defaultSessionTtlMs } from './worker-tuning.js';

/** What a dispatcher's own options say of what a pool's configuration may change. All durations in ms. */
export interface DispatcherOwn extends StrategyOptions, PullPolicy {
  /** Name of how yard tasks find a worker: one of Shunt's or of `strategies`. Defaults to `least-connections`. */
  readonly strategy?: string;
  /** Name of a strategy that decides beside it without effect, so that the differences are known. Defaults to none. */
  readonly shadowStrategy?: string | undefined;
  /**
   * When a task of the yard is bound: `late`, to a worker with a free slot; `early`, at once to one of all that may run it. Defaults to
   * `late`.
   */
  readonly bind?: Binding | undefined;
  /** How long an idle agent keeps its home; as the pool's workers have it. Defaults to 15 min. */
  readonly sessionTtl?: number;
  /** Most tasks that may wait before new ones are refused. Defaults to no limit; three quarters of Redis's memory always is one. */
  readonly maxWaiting?: number;
  /** How long the task that is next may have waited before new ones are refused, in ms. Defaults to no limit. */
  readonly maxWaitingAge?: number;
  /** When breakers close again and how many may be open. What is not said is as in the `adaptive` preset. */
  readonly breaker?: Partial<PoolRules>;
  /** How long a worker may leave its lane alone while it has a free slot. Defaults to 30 s. */
  readonly stuckAfter?: number;
  /** Has it ask each worker over HTTP as well, unless `enabled` is false. Off by default. */
  readonly healthCheck?: (HealthChecksOptions & { readonly enabled?: boolean }) | undefined;
}

/** How a pool is scaled. */
export interface ScaleTuning {
  readonly limits: ScaleLimits;
  /** Whether a scaler follows the advice while nobody wishes for a number of workers. */
  readonly isFollowed: boolean;
}

/** What of a dispatcher may change while it runs. */
export interface DispatcherTuning {
  readonly strategy: Strategy;
  /** Decides beside it, null for none. */
  readonly shadow: Strategy | null;
  readonly bind: Binding;
  /** How `intelligent` decides. */
  readonly factors: IntelligentOptions;
  /** Whether the strategy is to know where tasks come from: costs a read per yard task. */
  readonly readsZones: boolean;
  /** How long an idle agent keeps its home, in ms. */
  readonly sessionTtlMs: number;
  /** Most tasks that may wait in intake, yard, lanes and mailboxes; null for no limit. */
  readonly maxWaitingTasks: number | null;
  /** How long the next task of the intake, a yard or a lane may have waited, in ms; null for no limit. */
  readonly maxWaitingAgeMs: number | null;
  readonly pull: PullPolicy;
  readonly rules: PoolRules;
  /** How long a worker may leave its lane alone while it has a free slot, in ms. */
  readonly stuckAfterMs: number;
  /** Null for no checks. */
  readonly healthCheck: HealthChecksOptions | null;
  /** From when on something is worth an alert. */
  readonly alerts: AlertLimits;
  readonly scale: ScaleTuning;
}

/**
 * What a dispatcher goes by: its own options, and the pool's configuration over them key by key.
 *
 * @throws ShuntError INVALID_CONFIG when it has no strategy of a name
 */
export function dispatcherTuning(own: DispatcherOwn, config: PoolConfig): DispatcherTuning {
  const { affinity, spillAfter, moveBudget } = config;
  const factorWeights = { ...own.factorWeights, ...defined(config.factorWeights ?? {}) };
  const zoneDistances = config.zoneDistances ?? own.zoneDistances;
  const choice = { strategies: own.strategies, factorWeights, zoneDistances };
  const shadow = config.shadowStrategy ?? own.shadowStrategy ?? 'none';
  const maxWaiting = config.maxWaiting ?? own.maxWaiting ?? 'none';
  const maxWaitingAge = config.maxWaitingAge ?? own.maxWaitingAge ?? 'none';
  return {
    strategy: chooseStrategy(config.strategy ?? own.strategy ?? 'least-connections', choice),
    shadow: shadow === 'none' ? null : chooseStrategy(shadow, choice, 'shadowStrategy'),
    bind: config.bind ?? own.bind ?? 'late',
    factors: { weights: factorWeights, zoneDistances },
    readsZones: zoneDistances !== undefined,
    sessionTtlMs: config.sessionTtl ?? own.sessionTtl ?? defaultSessionTtlMs,
    maxWaitingTasks: maxWaiting === 'none' ? null : maxWaiting,
    maxWaitingAgeMs: maxWaitingAge === 'none' ? null : maxWaitingAge,
    pull: { ...own, ...defined({ affinity, spillAfter, moveBudget }) },
    rules: poolRules(own.breaker, config.breaker),
    stuckAfterMs: config.stuckAfter ?? own.stuckAfter ?? 30_000,
    healthCheck: healthCheck(own.healthCheck, config.healthCheck),
    alerts: alertLimits(config.alerts),
    scale: scaleTuning(config.scale),
  };
}

function poolRules(own: Partial<PoolRules> = {}, breaker: PoolConfig['breaker'] = {}): PoolRules {
  const { preset, open, openMax, probes, slowStart, maxOpenShare, panicShare } = breaker;
  const base = preset === undefined ? own : breakerPresets[preset === 'off' ? 'adaptive' : preset].pool;
  const told = { openMs: open, maxOpenMs: openMax, probes, slowStartMs: slowStart, maxOpenShare, panicShare };
  return { ...breakerPresets.adaptive.pool, ...base, ...defined(told) };
}

function alertLimits(told: PoolConfig['alerts'] = {}): AlertLimits {
  const { slowMean, slowP99, lateAfter, for: forMs, keep, ...shares } = told;
  const times = { slowMeanMs: slowMean, slowP99Ms: slowP99, lateAfterMs: lateAfter, forMs, keepMs: keep };
  return { ...usualLimits, ...defined(shares), ...defined(times) };
}

function scaleTuning(told: PoolConfig['scale'] = {}): ScaleTuning {
  const { coolDown, lateAfter, isFollowed = false, ...bounds } = told;
  const times = { coolDownMs: coolDown, lateAfterMs: lateAfter };
  return { limits: { ...usualScale, ...defined(bounds), ...defined(times) }, isFollowed };
}

const usualChecks: HealthChecksOptions = { interval: 30_000, timeout: 5000, up: 2, down: 3 };

function healthCheck(own: DispatcherOwn['healthCheck'], config: PoolConfig['healthCheck']): HealthChecksOptions | null {
  const isOwn = own !== undefined && own.enabled !== false;
  const { enabled = isOwn, ...thresholds } = config ?? {};
  return enabled ? { ...usualChecks, ...own, ...defined(thresholds) } : null;
}
