import { acrossWorkers, coldCostMs, meanServiceMs } from '@shunt/balancing';
import type { Worker } from '../engine/model.js';
import type { Pick } from './early-binding.js';

/** What another worker than the home must save to be worth it, in cold costs. */
const worthInColdCosts = 2;

/**
 * The worker that would be done first with a task of mean length, by the tasks that each has at this instant; the home unless it takes two
 * cold costs longer. Source: the cost functions of cache-aware routers (Preble, ICLR 2025), and GB-PANDAS (arXiv:1709.08115), simplified.
 */
export const expectedCompletion: Pick = ({ home }, up, sim) => {
  const times = acrossWorkers(sim.workers);
  const usualMs = meanServiceMs(times) ?? 1;
  const coldMs = coldCostMs(times) ?? usualMs;
  const doneMs = (worker: Worker) => {
    const { outstanding, slots } = worker;
    const serviceMs = meanServiceMs(worker.times) ?? usualMs;
    return (Math.max(0, outstanding - slots + 1) / slots + 1) * serviceMs;
  };
  const first = up.reduce((best, worker) => (doneMs(worker) < doneMs(best) ? worker : best));
  return home?.isUp && doneMs(home) <= doneMs(first) + worthInColdCosts * coldMs ? home : first;
};
