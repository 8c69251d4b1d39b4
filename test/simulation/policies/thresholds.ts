import type { Worker } from '../engine/model.js';
import type { Pick } from './early-binding.js';

/** Tasks a slot below which a worker has time, and above which it has too many. */
const low = 0.8;
const high = 1.6;

/**
 * The agent's last worker, but the least loaded one when that has time and the last worker too many tasks, or twice too many.
 * Source: Pai et al., LARD, ASPLOS 1998.
 */
export function lard(leastLoaded: Pick): Pick {
  return (agent, up, sim) => {
    const { home } = agent;
    const least = leastLoaded(agent, up, sim);
    if (!home?.isUp) return least;
    const load = loadOf(home);
    return load > 2 * high || (load > high && loadOf(least) < low) ? least : home;
  };
}

/**
 * The agent's last worker, but the least loaded one for all agents while the busiest worker has so many tasks more than the idlest, and 1.5
 * times as many. Source: the cache-aware policy of SGLang's gateway, where it is 64 tasks.
 */
export function cacheAware(tasksApart: number, leastLoaded: Pick): Pick {
  return (agent, up, sim) => {
    const { home } = agent;
    const tasks = up.map(({ outstanding }) => outstanding);
    const [most, least] = [Math.max(...tasks), Math.min(...tasks)];
    const isUneven = most - least > tasksApart && most > 1.5 * least;
    return home?.isUp && !isUneven ? home : leastLoaded(agent, up, sim);
  };
}

/** Tasks that a worker has for each slot. */
export function loadOf({ outstanding, slots }: Worker): number {
  return outstanding / slots;
}
