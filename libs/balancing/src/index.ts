export {
  type Addresses,
  type AgentOfRequest,
  agentOfRequest,
  type KeyChain,
  type KeyRequest,
} from './core/agent-of-request.js';
export { Candidate } from './core/candidate.js';
export { coldCostMs, leastColdTasks } from './core/cold-cost.js';
export type { ZoneDistances } from './core/distances.js';
export { carriesLabels, isEligible, type PlacementTask } from './core/eligibility.js';
export { ErrorShare } from './core/error-share.js';
export { type Explanation, explain } from './core/explain.js';
export {
  defaultFactorWeights,
  type FactorName,
  type FactorShare,
  type FactorWeights,
  factorNames,
} from './core/factors.js';
export { hash32 } from './core/hash.js';
export { agentsToRelease, type HeldAgent } from './core/held-agents.js';
export {
  earnMoves,
  freeBusyRatio,
  leastSavedMoves,
  mostSavedMoves,
  moveCost,
  movesPerTask,
} from './core/move-budget.js';
export {
  patienceBounds,
  patienceInColdCosts,
  patienceInServiceTimes,
  patienceMs,
  startPatienceMs,
  stealableAtMs,
} from './core/patience.js';
export { PeakEwma } from './core/peak-ewma.js';
export { type Assignment, type Binding, placeBatch } from './core/place-batch.js';
export { stragglersOf } from './core/pool-stragglers.js';
export { choosePull, type PullChoice, type PullView } from './core/pull-choice.js';
export {
  acrossWorkers,
  addServiceTimes,
  meanMs,
  meanServiceMs,
  noServiceTimes,
  type ServiceTimes,
  type TimeSum,
  type WorkerTimes,
} from './core/service-times.js';
export { placeInShadow, type ShadowCount } from './core/shadow.js';
export {
  costsMore,
  isStraggler,
  leastTasks,
  leavesHome,
  noPace,
  type Pace,
  slowdown,
  stragglerRatio,
  triedAgain,
  withTask,
} from './core/straggler.js';
export { type IntelligentOptions, intelligent } from './core/strategies/intelligent.js';
export { type StrategyName, strategies, strategyOf } from './core/strategies.js';
export { type Chance, type Memory, type Strategy, strategy } from './core/strategy.js';
export type { WorkerSnapshot } from './core/worker-snapshot.js';
