import type { Worker } from '../engine/model.js';
import { quantile } from '../measure.js';
import type { Pick } from './early-binding.js';
import { loadOf } from './thresholds.js';

const probes = 3;
/** Above this share of the loads that were probed last a worker is hot, once so many are known. */
const hotShare = 0.84;
const leastKnown = 16;
const mostKnown = 128;

/**
 * Of three workers probed by chance the one that answers quickest among those that are not hot, the least loaded where all are.
 * Source: Wydrowski et al., Prequal, NSDI 2024 (hot-cold lexicographic rule), without its pool of older probes.
 */
export function prequal(): Pick {
  const known: number[] = [];
  let probed = 0;
  return (_agent, up, sim) => {
    const hotAbove =
      known.length < leastKnown ? Number.POSITIVE_INFINITY : quantile(Float64Array.from(known), hotShare);
    const workers = Array.from({ length: probes }, () => up[Math.floor(sim.random() * up.length)] as Worker);
    for (const worker of workers) known[probed++ % mostKnown] = loadOf(worker);
    const cold = workers.filter((worker) => loadOf(worker) <= hotAbove);
    return cold.length > 0 ? leastOf(cold, ({ responseMs }) => responseMs) : leastOf(workers, loadOf);
  };
}

function leastOf(workers: readonly Worker[], costOf: (worker: Worker) => number): Worker {
  return workers.reduce((least, worker) => (costOf(worker) < costOf(least) ? worker : least));
}
