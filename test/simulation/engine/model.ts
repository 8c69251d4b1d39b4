import {
  addServiceTimes,
  isStraggler,
  noPace,
  noServiceTimes,
  type Pace,
  PeakEwma,
  type ServiceTimes,
  withTask,
} from '@shunt/balancing';
import { type Entry, MinQueue } from './min-queue.js';

/** One task of a workload, the same under every policy. */
export interface TaskSpec {
  /** When it arrives, ms; for a later turn of a session the pause in ms after the turn before it ended. */
  readonly atMs: number;
  readonly agent: number;
  /** Service time of a warm start on a worker of speed 1. */
  readonly workMs: number;
  /** What a cold start adds. */
  readonly coldMs: number;
  /** Whether the agent's next task of the workload arrives only `atMs` of that task after this one ended. */
  readonly hasNextTurn: boolean;
}

/** A task on its way through one run. */
export class SimTask {
  arriveMs = Number.NaN;
  /** When it was the agent's current task and free to start. */
  readyMs = Number.NaN;
  startMs = Number.NaN;
  finishMs = Number.NaN;
  isWarm = false;
  /** Grows whenever a start of it is void, as its worker died. */
  voided = 0;
  /** Starts of it that failed. */
  failures = 0;

  constructor(
    readonly n: number,
    readonly spec: TaskSpec,
    readonly agent: Agent,
  ) {}
}

/** An agent: its tasks run one at a time and in order, under every policy. */
export class Agent {
  /** What waits, the current task first. */
  readonly tasks: SimTask[] = [];
  running: SimTask | null = null;
  /** The worker that ran its last task, as far as the dispatcher knows it still holds the state. */
  home: Worker | null = null;
  /** The worker that it has just left, until it runs again. */
  left: Worker | null = null;
  /** The worker that has its state in truth, and the one that the pool counts it to. */
  stateAt: Worker | null = null;
  heldBy: Worker | null = null;
  /** The worker whose lane or slot it is in. */
  bound: Worker | null = null;
  lastMs = Number.NEGATIVE_INFINITY;
  /** Its entry in a lane or in the yard, and in the set of what idle strangers may take. */
  queued: Entry<Agent> | null = null;
  offered: Entry<Agent> | null = null;

  constructor(
    readonly id: number,
    readonly key: string,
  ) {}

  /** Whether a task of it runs. */
  get isBusy(): boolean {
    return this.running !== null;
  }

  /** Whether it has a task that has not ended. */
  get hasTask(): boolean {
    return this.isBusy || this.tasks.length > 0;
  }

  /** Counts its tasks to another worker, or to none. */
  bindTo(worker: Worker | null): void {
    const tasks = this.tasks.length + (this.running === null ? 0 : 1);
    if (this.bound !== null) this.bound.outstanding -= tasks;
    if (worker !== null) worker.outstanding += tasks;
    this.bound = worker;
  }
}

/** How a worker is set up. */
export interface WorkerSpec {
  readonly slots: number;
  /** Service times are divided by it. Defaults to 1. */
  readonly speed?: number;
  /** Agents whose state fits. */
  readonly maxAgents: number;
  /** Share of the tasks that have arrived when it joins. Defaults to 0, from the start. */
  readonly joinAt?: number;
}

const none = { tasks: 0, sumMs: 0 };
const responseWeight = 0.03;

/** A worker in one run. */
export class Worker {
  readonly lane = new MinQueue<Agent>();
  readonly running = new Set<SimTask>();
  /** Agents whose state it has, and those that the pool counts as held, both least recently served first. */
  readonly states = new Set<Agent>();
  readonly held = new Set<Agent>();
  readonly slots: number;
  readonly maxAgents: number;
  speed: number;
  /** The share of its starts that fail, and after how many ms. */
  faults: { readonly share: number; readonly afterMs: number } = { share: 0, afterMs: 0 };
  /** Slots that its breaker lets it use. */
  allowed: number;
  isAlive = false;
  /** What the dispatcher believes. */
  isUp = false;
  joinedMs = 0;
  /** Tasks of the agents bound to it, running ones too. */
  outstanding = 0;
  busyMs = 0;
  pace: Pace = noPace;
  times: ServiceTimes = noServiceTimes;
  /** How long its tasks take, as it reports it to strategies. */
  readonly response = new PeakEwma();
  /** The same from ready to finish. */
  readonly sojourn = new PeakEwma();
  /** Moving mean of ready to finish, ms; the weighted score asks for it. */
  responseMs: number;

  constructor(
    readonly index: number,
    spec: WorkerSpec,
    meanServiceMs: number,
  ) {
    this.slots = spec.slots;
    this.allowed = spec.slots;
    this.maxAgents = spec.maxAgents;
    this.speed = spec.speed ?? 1;
    this.responseMs = meanServiceMs;
  }

  get id(): string {
    return `w${this.index}`;
  }

  get hasFreeSlot(): boolean {
    return this.isAlive && this.running.size < this.allowed;
  }

  get isStraggler(): boolean {
    return isStraggler(this.pace);
  }

  /** Whether it runs a task that found no state. */
  get runsCold(): boolean {
    for (const { isWarm } of this.running) if (!isWarm) return true;
    return false;
  }

  /** Learns from a task that it ended. */
  observe({ isWarm, readyMs, startMs, finishMs }: SimTask): void {
    const serviceMs = finishMs - startMs;
    const ended = { tasks: 1, sumMs: serviceMs };
    this.busyMs += serviceMs;
    this.response.observe(serviceMs, finishMs);
    this.sojourn.observe(finishMs - readyMs, finishMs);
    this.pace = withTask(this.pace, serviceMs);
    this.responseMs += responseWeight * (finishMs - readyMs - this.responseMs);
    this.times = addServiceTimes(this.times, isWarm ? { warm: ended, cold: none } : { warm: none, cold: ended });
  }
}
