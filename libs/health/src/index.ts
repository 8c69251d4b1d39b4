export { type Attempts, type Breaker, neverOpened, slotLimit } from './core/breaker.js';
export { type CheckThresholds, type CheckVerdict, nextVerdict, unchecked } from './core/check-verdict.js';
export { expired, type Lease, liveness } from './core/liveness.js';
export { type Outcome, OutcomeWindow } from './core/outcome-window.js';
export { type Member, nextBreakers, type Order, type PoolRules } from './core/pool-breakers.js';
export { type BreakerPresetName, breakerPresets, type SelfRules } from './core/presets.js';
export { isStuck, type Standstill, standstillOf } from './core/progress.js';
export { type TripReason, tripOf } from './core/trip.js';
export { leadsUntil, mayJudge } from './core/trust.js';
