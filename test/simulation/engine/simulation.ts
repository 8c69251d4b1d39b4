import { earnMoves, type PullChoice } from '@shunt/balancing';
import type { Random } from '@shunt/workload';
import { Breakers } from './breakers.js';
import { type Entry, MinQueue } from './min-queue.js';
import { Agent, SimTask, type TaskSpec, Worker, type WorkerSpec } from './model.js';
import type { Policy } from './policy.js';
import { Timeline } from './timeline.js';

/** How often a task is tried. */
export const attempts = 6;

/** What an agent is worth to an idle stranger, where it is not the first whose patience is over. */
const worths = {
  youngest: ({ tasks }: Agent) => (tasks[0] as SimTask).arriveMs,
  longest: ({ tasks }: Agent) => tasks.length,
};

/** What a run is given. */
export interface SimulationInput {
  readonly tasks: readonly TaskSpec[];
  readonly agents: number;
  readonly workers: readonly WorkerSpec[];
  readonly meanServiceMs: number;
  readonly policy: Policy;
  readonly random: Random;
}

/**
 * A pool in simulated time: agents, lanes, yard, slots. What happens is here; what is decided is the policy's. Chance comes
 * from the seed, so equal input gives equal runs.
 */
export class Simulation extends Timeline {
  /** Moves of agents between live homes. */
  moved = 0;
  /** The budget of moves. */
  moves = 0;
  readonly yard = new MinQueue<Agent>();
  readonly stealable = new MinQueue<Agent>();
  readonly workers: readonly Worker[];
  readonly agents: readonly Agent[];
  readonly tasks: readonly SimTask[];
  readonly policy: Policy;
  readonly random: Random;
  private readonly breakers: Breakers | null;
  private ended = 0;

  constructor(input: SimulationInput) {
    super();
    this.policy = input.policy;
    this.random = input.random;
    this.workers = input.workers.map((spec, n) => new Worker(n, spec, input.meanServiceMs));
    this.agents = Array.from({ length: input.agents }, (_, n) => new Agent(n, `agent-${n}`));
    this.tasks = input.tasks.map((spec, n) => new SimTask(n, spec, this.agents[spec.agent] as Agent));
    this.breakers = input.policy.hasBreakers ? new Breakers(this) : null;
    for (const worker of this.workers) if ((input.workers[worker.index]?.joinAt ?? 0) === 0) this.join(worker);
  }

  /** Lets every task that arrives by itself arrive, and runs until nothing is left to happen. */
  run(): void {
    for (let n = 0; n < this.tasks.length; n++) {
      const task = this.tasks[n] as SimTask;
      if (this.tasks[n - 1]?.spec.hasNextTurn) continue;
      this.runUntil(task.spec.atMs);
      this.arrive(task);
    }
    this.runUntil(Number.POSITIVE_INFINITY);
  }

  /** Slots of the workers that are believed up. */
  get slots(): number {
    return this.workers.reduce((sum, { isUp, slots }) => sum + (isUp ? slots : 0), 0);
  }

  /** Whether every task has ended. */
  get isOver(): boolean {
    return this.ended === this.tasks.length;
  }

  /** The oldest agent of the yard that a worker may take: a straggler takes back none that has just left it, while there is another worker. */
  oldestOfYard(worker: Worker): Entry<Agent> | undefined {
    if (!worker.isStraggler || !this.workers.some((other) => other.isUp && other !== worker)) return this.yard.first();
    return this.yard.firstThat(({ left }) => left !== worker);
  }

  join(worker: Worker): void {
    worker.isAlive = true;
    worker.joinedMs = this.nowMs;
    this.open(worker);
  }

  /** Lets a worker take tasks. */
  open(worker: Worker): void {
    worker.isUp = true;
    this.pull(worker);
  }

  /** Finds a lane or the yard for an agent that has a task to run, none running, and is in none of them. */
  admit(agent: Agent): void {
    agent.bindTo(this.policy.route(agent, this));
    this.enqueue(agent);
    this.offer(agent);
  }

  /** Takes an agent out of the lane or the yard it waits in. */
  dequeue(agent: Agent): void {
    if (agent.queued !== null) (agent.bound?.lane ?? this.yard).remove(agent.queued);
    if (agent.offered !== null) this.stealable.remove(agent.offered);
    agent.queued = null;
    agent.offered = null;
  }

  private arrive(task: SimTask): void {
    const { agent } = task;
    task.arriveMs = this.nowMs;
    const hadTask = agent.hasTask;
    agent.tasks.push(task);
    if (!hadTask) {
      this.admit(agent);
      return;
    }
    if (agent.bound !== null) agent.bound.outstanding++;
    if (agent.offered !== null) this.offerFrom(agent, (agent.tasks[0] as SimTask).readyMs);
  }

  private enqueue(agent: Agent): void {
    const head = agent.tasks[0] as SimTask;
    head.readyMs = this.nowMs;
    agent.queued = (agent.bound?.lane ?? this.yard).add(head.arriveMs, agent);
    if (agent.bound !== null) this.offerFrom(agent, this.nowMs);
  }

  /** Sets from when idle strangers may take the agent, and looks for one then. Only ever earlier. */
  private offerFrom(agent: Agent, readyMs: number): void {
    const atMs = this.policy.stealableAtMs(agent, readyMs, this);
    if (atMs === Number.POSITIVE_INFINITY) return;
    if (agent.offered !== null && agent.offered.score <= atMs) return;
    if (agent.offered !== null) this.stealable.remove(agent.offered);
    const offered = this.stealable.add(atMs, agent);
    agent.offered = offered;
    this.at(atMs, () => {
      if (!offered.isGone) this.callTaker(agent, true);
    });
  }

  private offer(agent: Agent): void {
    if (agent.bound === null) this.callTaker(agent, false);
    else if (agent.bound.hasFreeSlot) this.pull(agent.bound);
  }

  private callTaker(agent: Agent, isMove: boolean): void {
    const free = this.workers.filter((worker) => worker.hasFreeSlot && worker.isUp && worker !== agent.bound);
    const taker = free.length === 0 ? null : this.policy.taker(agent, free, isMove, this);
    if (taker !== null) this.pull(taker);
  }

  private pull(worker: Worker): void {
    while (worker.hasFreeSlot && worker.isUp) {
      const choice = this.policy.choose(worker, this);
      if (choice === 'none') return;
      if (choice === 'paid-move') this.moves--;
      this.start(worker, this.headOf(choice, worker)?.value as Agent);
    }
  }

  private headOf(choice: Exclude<PullChoice, 'none'>, worker: Worker): Entry<Agent> | undefined {
    if (choice === 'lane') return worker.lane.first();
    if (choice === 'yard') return this.oldestOfYard(worker);
    if (this.policy.takes === 'first') return this.stealable.first();
    return this.stealable.bestUpTo(this.nowMs, worths[this.policy.takes]);
  }

  private start(worker: Worker, agent: Agent): void {
    this.dequeue(agent);
    if (agent.bound !== worker) agent.bindTo(worker);
    const task = agent.tasks.shift() as SimTask;
    agent.running = task;
    worker.running.add(task);
    if (agent.home !== null && agent.home !== worker) this.moved++;
    agent.home = worker;
    agent.left = null;
    task.startMs = this.nowMs;
    task.isWarm = this.policy.warmth.start(agent, worker, task, this.workers);
    for (const released of this.policy.warmth.released()) this.letGo(released);
    const { share, afterMs } = worker.faults;
    const isFailure = share > 0 && this.random() < share;
    const serviceMs = (task.spec.workMs + (task.isWarm ? 0 : task.spec.coldMs)) / worker.speed;
    const { voided } = task;
    this.at(this.nowMs + (isFailure ? afterMs : serviceMs), () => {
      if (task.voided === voided) this.end(worker, agent, task, isFailure);
    });
  }

  /** An agent lost its home while its task waits there. */
  private letGo(agent: Agent): void {
    if (agent.queued === null) return;
    const head = agent.tasks[0] as SimTask;
    const { readyMs } = head;
    this.dequeue(agent);
    this.admit(agent);
    head.readyMs = readyMs;
  }

  private end(worker: Worker, agent: Agent, task: SimTask, isFailure: boolean): void {
    this.breakers?.ended(worker, agent, isFailure, this.nowMs - task.startMs);
    if (isFailure && ++task.failures < attempts) {
      this.retry(worker, agent, task);
      return;
    }
    task.finishMs = this.nowMs;
    if (!isFailure) worker.observe(task);
    this.finish(worker, agent, task);
  }

  /** A task that failed is its agent's next again. */
  private retry(worker: Worker, agent: Agent, task: SimTask): void {
    worker.running.delete(task);
    agent.running = null;
    agent.tasks.unshift(task);
    this.admit(agent);
    this.pull(worker);
  }

  private finish(worker: Worker, agent: Agent, task: SimTask): void {
    this.ended++;
    this.moves = earnMoves(this.moves, 1, this.slots);
    worker.running.delete(task);
    worker.outstanding--;
    agent.running = null;
    agent.lastMs = this.nowMs;
    if (task.spec.hasNextTurn) {
      const next = this.tasks[task.n + 1] as SimTask;
      this.at(this.nowMs + next.spec.atMs, () => this.arrive(next));
    }
    if (agent.tasks.length === 0) agent.bound = null;
    else this.release(agent, worker);
    this.pull(worker);
    if (agent.queued !== null) this.offer(agent);
  }

  /** Lets an agent's next task wait where its policy says. The worker it ran on chooses first, as it asks for work now. */
  private release(agent: Agent, worker: Worker): void {
    if (!(this.policy.staysBound && worker.isUp)) agent.bindTo(this.policy.route(agent, this));
    this.enqueue(agent);
  }
}
