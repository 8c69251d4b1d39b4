export { Candidate } from './core/candidate.js';
export { isEligible, type PlacementTask } from './core/eligibility.js';
export { hash32 } from './core/hash.js';
export { type Assignment, placeBatch } from './core/place-batch.js';
export { type StrategyName, strategies, strategyOf } from './core/strategies.js';
export { type Memory, type Strategy, strategy } from './core/strategy.js';
export type { WorkerSnapshot } from './core/worker-snapshot.js';
