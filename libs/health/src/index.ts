export { expired, type Lease, liveness } from './core/liveness.js';
export { mayJudge } from './core/trust.js';
