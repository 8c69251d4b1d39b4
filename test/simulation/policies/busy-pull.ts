import { acrossWorkers, coldCostMs, type PullChoice } from '@shunt/balancing';
import type { SimTask, Worker } from '../engine/model.js';
import type { Simulation } from '../engine/simulation.js';
import { AffinityPull } from './affinity-pull.js';

/** How long a task waits until busy workers take it, in cold costs. */
const afterColdCosts = 4;

/** The default policy, but a busy worker takes as well what has waited for 4 C elsewhere and is older than what it has itself. */
export class BusyPull extends AffinityPull {
  override choose(worker: Worker, sim: Simulation): PullChoice {
    const choice = super.choose(worker, sim);
    const own = { lane: worker.lane, yard: sim.yard }[choice as 'lane' | 'yard']?.first();
    const foreign = sim.stealable.first()?.value;
    if (own === undefined || foreign === undefined || foreign.bound === worker) return choice;
    const { arriveMs, readyMs } = foreign.tasks[0] as SimTask;
    const costMs = coldCostMs(acrossWorkers(sim.workers)) ?? Number.POSITIVE_INFINITY;
    return arriveMs < own.score && sim.nowMs - readyMs >= afterColdCosts * costMs ? 'free-move' : choice;
  }
}
