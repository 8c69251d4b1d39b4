export { type Alert, nextAlert } from './core/alerts/alert.js';
export { AttemptWindow } from './core/alerts/attempt-window.js';
export type { Death } from './core/alerts/crash-loops.js';
export {
  type AlertLimits,
  type AlertName,
  alertNames,
  holdsMs,
  ownHoldsMs,
  usualLimits,
} from './core/alerts/limits.js';
export { type AlertFacts, type Reading, readings } from './core/alerts/readings.js';
export { type Attempts, type Breaker, neverOpened, slotLimit } from './core/breaker.js';
export { BucketCounts, quantileBoundMs } from './core/buckets.js';
export { type CheckThresholds, type CheckVerdict, nextVerdict, unchecked } from './core/check-verdict.js';
export {
  type Fullness,
  fullMemoryShare,
  fullness,
  fullnessKinds,
  fullnessReasons,
  type PoolLoad,
} from './core/fullness.js';
export { expired, type Lease, liveness, nextExpiryMs } from './core/liveness.js';
export { type Outcome, OutcomeWindow } from './core/outcome-window.js';
export { type Member, nextBreakers, type Order, type PoolRules } from './core/pool-breakers.js';
export { type BreakerPresetName, breakerPresets, type SelfRules } from './core/presets.js';
export { isStuck, type Standstill, standstillOf } from './core/progress.js';
export {
  type Advice,
  nextAdvice,
  type ScaleFacts,
  type ScaleLimits,
  usualScale,
} from './core/scaling/advice.js';
export { type ScaledWorker, type ScalePlan, scalePlan } from './core/scaling/plan.js';
export { type TripReason, tripOf } from './core/trip.js';
export { leadsUntil, mayJudge } from './core/trust.js';
