export { canonicalAddress, inNetworks, networkProblem } from './addresses.js';
export {
  type Duration,
  type DurationBounds,
  durationMs,
  durationProblem,
  formatDuration,
  maxDurationMs,
  maxTimerMs,
} from './duration.js';
export type { FieldProblem } from './field-problem.js';
export { checked, duration, wholeNumber } from './fields.js';
export { nearestName } from './nearest-name.js';
export { formatName, formatPath, type PathSegment } from './path.js';
export { isPlain } from './plain.js';
export { type ObjectSchema, problemsOf } from './problems.js';
export { orRequired } from './required.js';
export { zoneProblem } from './zone.js';
