export { candidates, isEligible, type NoPick, type PlacementTask } from './core/eligibility.js';
export { hash32 } from './core/hash.js';
export { type Assignment, placeBatch } from './core/place-batch.js';
export { type StrategyName, strategies, strategyOf } from './core/strategies.js';
export type { Strategy } from './core/strategy.js';
export { freeSlots, loadOf, type WorkerSnapshot } from './core/worker-snapshot.js';
