export { type ArrivalOptions, poissonArrivals } from './arrivals.js';
export { type Random, seededRandom } from './random.js';
export { loadTrace, readTrace } from './trace.js';
export type { TraceTask } from './trace-row.js';
export { type ZipfOptions, zipfSampler, zipfShares } from './zipf.js';
