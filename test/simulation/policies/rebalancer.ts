import type { Agent, SimTask, Worker } from '../engine/model.js';
import type { Simulation } from '../engine/simulation.js';
import type { Pick } from './early-binding.js';

const everyMs = 5000;
/** Share of what is known of an agent's work that is left after each look. */
const kept = 0.9;
/** A worker is overloaded with more than so many times its share, and each look moves at most this share of the agents. */
const most = 1.1;
const churn = 0.01;

/**
 * As another pick says, but every 5 s homes move from the busiest worker to the idlest while that one has more than 1.1 times its share of the
 * work: the agent that asks for most of what may go, none that has a task, at most one in a hundred.
 * Source: Adya et al., Slicer, OSDI 2016 (weighted move), simplified.
 */
export function rebalanced(otherwise: Pick): Pick {
  let isLooking = false;
  return (agent, up, sim) => {
    if (!isLooking) {
      isLooking = true;
      lookAgain(sim, new Map(), 0);
    }
    return otherwise(agent, up, sim);
  };
}

/** @param works the work of each agent's latest tasks, in ms; seen: how many tasks are in it */
function lookAgain(sim: Simulation, works: Map<Agent, number>, seen: number): void {
  sim.at(sim.nowMs + everyMs, () => {
    let next = seen;
    for (; sim.tasks[next] !== undefined && !Number.isNaN((sim.tasks[next] as SimTask).arriveMs); next++) {
      const { agent, spec } = sim.tasks[next] as SimTask;
      works.set(agent, (works.get(agent) ?? 0) + spec.workMs);
    }
    rebalance(sim, works);
    for (const [agent, work] of works) works.set(agent, kept * work);
    if (!sim.isOver) lookAgain(sim, works, next);
  });
}

function rebalance(sim: Simulation, works: ReadonlyMap<Agent, number>): void {
  const up = sim.workers.filter(({ isUp }) => isUp);
  const loads = new Map<Worker, number>(up.map((worker) => [worker, 0]));
  const loadOf = (worker: Worker) => loads.get(worker) as number;
  const housed = [...works].filter(([{ home }]) => home !== null && loads.has(home));
  for (const [{ home }, work] of housed) loads.set(home as Worker, loadOf(home as Worker) + work);
  const mean = housed.reduce((sum, [, work]) => sum + work, 0) / sim.slots;
  const bySlot = (a: Worker, b: Worker) => loadOf(a) / a.slots - loadOf(b) / b.slots;
  for (let moves = Math.ceil(churn * sim.agents.length); moves > 0; moves--) {
    const [idlest, busiest] = [
      up.reduce((a, b) => (bySlot(b, a) < 0 ? b : a)),
      up.reduce((a, b) => (bySlot(b, a) > 0 ? b : a)),
    ];
    if (loadOf(busiest) / busiest.slots < most * mean) return;
    const room = Math.min(loadOf(busiest) - mean * busiest.slots, mean * idlest.slots - loadOf(idlest));
    let moved: Agent | null = null;
    for (const [agent, work] of housed) {
      if (agent.home !== busiest || agent.hasTask || work > room) continue;
      if (moved === null || work > (works.get(moved) as number)) moved = agent;
    }
    if (moved === null) return;
    const work = works.get(moved) as number;
    loads.set(busiest, loadOf(busiest) - work);
    loads.set(idlest, loadOf(idlest) + work);
    moved.home = idlest;
  }
}
