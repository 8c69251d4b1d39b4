/** A task of the model: where its score puts it, and how it ended. */
export interface ModelTask {
  readonly id: string;
  /** '' for none. */
  readonly agent: string;
  readonly priority: number;
  /** Its own score since it arrived, `ss` of the job hash. */
  score?: number;
  /** Its number among the arrivals. */
  arrival?: number;
  ended?: 'completed' | 'failed';
}

/** An agent: its home, its current task, the life it was given to, and whether an operator has paused it. */
export interface ModelAgent {
  home?: string;
  current?: string;
  held?: string;
  isPaused?: boolean;
  /** Nonce of the operator's call that changed that last. */
  asked?: string;
  /** Later tasks, by arrival. */
  readonly mailbox: string[];
}

/** A worker: its registered life, whether it may receive, its lane and its slots. */
export interface ModelWorker {
  life?: string;
  /** 0 when it may not receive. */
  slots: number;
  readonly lane: Map<string, number>;
  readonly running: Map<string, string>;
  /** What a slot held before its present task, and what it gave up last. */
  readonly before: Map<string, string>;
  readonly settled: Map<string, string>;
}

/** A task that waits in a lane, where an idle stranger may take it. */
export interface Offer {
  readonly worker: string;
  /** The command by which it entered the lane. */
  readonly step: number;
}

/** A pool as a value. */
export interface PoolState {
  /** Number of commands so far. */
  step: number;
  seq: number;
  binds: number;
  readonly tasks: Map<string, ModelTask>;
  readonly agents: Map<string, ModelAgent>;
  readonly workers: Map<string, ModelWorker>;
  /** Oldest first. */
  readonly intake: string[];
  readonly yard: Map<string, number>;
  /** Ids with the delay they were added with, oldest first. */
  readonly delayed: Map<string, number>;
  /** By task. Patience is none, so that each may be taken at once. */
  readonly offers: Map<string, Offer>;
}

/** A pool in which nothing is. */
export function emptyPool(): PoolState {
  return {
    ...{ step: 0, seq: 0, binds: 0, tasks: new Map(), agents: new Map(), workers: new Map() },
    ...{ intake: [], yard: new Map(), delayed: new Map(), offers: new Map() },
  };
}

/** The agent of a name; it is there from when it is first asked for. */
export function agentOf(pool: PoolState, name: string): ModelAgent {
  const known = pool.agents.get(name) ?? { mailbox: [] };
  pool.agents.set(name, known);
  return known;
}

/** The worker of a name; it is there from when it is first asked for. */
export function workerOf(pool: PoolState, name: string): ModelWorker {
  const known = pool.workers.get(name) ?? {
    ...{ slots: 0, lane: new Map(), running: new Map(), before: new Map(), settled: new Map() },
  };
  pool.workers.set(name, known);
  return known;
}

/** A task that is known to be there. */
export function taskOf(pool: PoolState, id: string): ModelTask {
  const task = pool.tasks.get(id);
  if (task === undefined) throw new Error(`the model has no task ${id}`);
  return task;
}

/** Ids by score. */
export function sorted(set: ReadonlyMap<string, number>): string[] {
  return [...set].sort(([, left], [, right]) => left - right).map(([id]) => id);
}

/** Puts a task into a worker's lane, where others may take it. */
export function enterLane(pool: PoolState, name: string, id: string, score: number): void {
  workerOf(pool, name).lane.set(id, score);
  pool.offers.set(id, { worker: name, step: pool.step });
}

/** Takes a task out of the lane it is in. */
export function leaveLane(pool: PoolState, id: string): void {
  for (const { lane } of pool.workers.values()) lane.delete(id);
  pool.offers.delete(id);
}

/** The task that has been on offer for longest; of those of one command the first by its lane and id. */
export function longestOffered(pool: PoolState): string | undefined {
  const nameOf = (id: string) => `${pool.offers.get(id)?.worker} ${id}`;
  const byAge = [...pool.offers].sort(
    ([left, a], [right, b]) => a.step - b.step || (nameOf(left) < nameOf(right) ? -1 : 1),
  );
  return byAge[0]?.[0];
}
