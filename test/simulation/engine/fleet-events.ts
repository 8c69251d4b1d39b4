import type { Agent, SimTask, Worker } from './model.js';
import type { Simulation } from './simulation.js';

/** What happens to the fleet in the middle of a run. */
export type FleetEvent =
  /** A worker works at another speed from now on. */
  | { readonly kind: 'speed'; readonly worker: number; readonly speed: number; readonly afterMs?: number }
  /** A worker dies with what it runs and holds; the pool learns of it `detectMs` later. */
  | { readonly kind: 'die'; readonly worker: number; readonly detectMs: number }
  | { readonly kind: 'join'; readonly worker: number }
  /** A worker fails a share of its starts from now on, each after some ms. */
  | { readonly kind: 'fail'; readonly worker: number; readonly share: number; readonly afterMs: number }
  /** All state is lost, and nobody is told. */
  | { readonly kind: 'flush' };

/** Lets a fleet event happen at a time. */
export function scheduleFleetEvent(sim: Simulation, atMs: number, event: FleetEvent): void {
  sim.at(atMs + (event.kind === 'speed' ? (event.afterMs ?? 0) : 0), () => happen(sim, event));
}

function happen(sim: Simulation, event: FleetEvent): void {
  if (event.kind === 'flush') {
    sim.policy.warmth.flush(sim.agents);
    return;
  }
  const worker = sim.workers[event.worker] as Worker;
  if (event.kind === 'speed') worker.speed = event.speed;
  else if (event.kind === 'fail') worker.faults = event;
  else if (event.kind === 'join') sim.join(worker);
  else die(sim, worker, event.detectMs);
}

function die(sim: Simulation, worker: Worker, detectMs: number): void {
  worker.isAlive = false;
  for (const task of worker.running) task.voided++;
  sim.policy.warmth.lose(worker);
  sim.at(sim.nowMs + detectMs, () => bury(sim, worker));
}

/** Ends the life of a dead worker: its tasks, running ones first, find other workers, oldest first. */
function bury(sim: Simulation, worker: Worker): void {
  worker.isUp = false;
  for (const agent of sim.agents) if (agent.home === worker) agent.home = null;
  const orphans: Agent[] = [];
  for (const task of [...worker.running].sort((a, b) => a.arriveMs - b.arriveMs || a.n - b.n)) {
    task.agent.running = null;
    task.agent.tasks.unshift(task);
    orphans.push(task.agent);
  }
  worker.running.clear();
  for (const agent of worker.lane.drain()) {
    sim.dequeue(agent);
    orphans.push(agent);
  }
  const headOf = (agent: Agent) => agent.tasks[0] as SimTask;
  for (const agent of orphans.sort((a, b) => headOf(a).arriveMs - headOf(b).arriveMs)) sim.admit(agent);
}
