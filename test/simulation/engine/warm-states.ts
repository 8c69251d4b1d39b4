import { agentsToRelease } from '@shunt/balancing';
import type { Agent, SimTask, Worker } from './model.js';
import type { Warmth } from './policy.js';

/**
 * State as it is: on the worker that ran the agent's last task, until `maxAgents` others were served there since. A pool that
 * knows what is dropped lets the agent's home go with it.
 */
export class StateOnOneWorker implements Warmth {
  private homeless: Agent[] = [];

  constructor(private readonly dropsAreKnown: boolean) {}

  start(agent: Agent, worker: Worker): boolean {
    const isWarm = agent.stateAt === worker;
    agent.stateAt?.states.delete(agent);
    worker.states.add(agent);
    agent.stateAt = worker;
    for (const dropped of worker.states) {
      if (worker.states.size <= worker.maxAgents) break;
      worker.states.delete(dropped);
      dropped.stateAt = null;
    }
    if (this.dropsAreKnown) this.hold(agent, worker);
    return isWarm;
  }

  lose(worker: Worker): void {
    for (const agent of worker.states) agent.stateAt = null;
    worker.states.clear();
    worker.held.clear();
  }

  flush(agents: readonly Agent[]): void {
    for (const agent of agents) {
      agent.stateAt?.states.delete(agent);
      agent.stateAt = null;
    }
  }

  released(): readonly Agent[] {
    return this.homeless.splice(0);
  }

  /** Keeps what the pool believes a worker to hold. */
  private hold(agent: Agent, worker: Worker): void {
    agent.heldBy?.held.delete(agent);
    worker.held.add(agent);
    agent.heldBy = worker;
    for (const released of agentsToRelease(worker.held, worker.held.size, worker.maxAgents)) {
      worker.held.delete(released);
      released.heldBy = null;
      if (released.home !== worker) continue;
      released.home = null;
      released.left = worker;
      this.homeless.push(released);
    }
  }
}

/** State as an ideal would have it: warm on any worker as long as the room of all workers together would hold it. */
export class StateEverywhere implements Warmth {
  private readonly held = new Set<Agent>();

  start(agent: Agent, _worker: Worker, _task: SimTask, workers: readonly Worker[]): boolean {
    const isWarm = this.held.delete(agent);
    this.held.add(agent);
    const room = workers.reduce((sum, { isUp, maxAgents }) => sum + (isUp ? maxAgents : 0), 0);
    while (this.held.size > room) this.held.delete(this.held.values().next().value as Agent);
    return isWarm;
  }

  released(): readonly Agent[] {
    return [];
  }

  lose(): void {}

  flush(): void {
    this.held.clear();
  }
}

/** State as it was in another run of the same workload, task by task. */
export class StateAsRecorded implements Warmth {
  constructor(private readonly recorded: readonly SimTask[]) {}

  start(_agent: Agent, _worker: Worker, task: SimTask): boolean {
    return this.recorded[task.n]?.isWarm ?? false;
  }

  released(): readonly Agent[] {
    return [];
  }

  lose(): void {}

  flush(): void {}
}
