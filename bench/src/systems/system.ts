/** What a bench task carries. */
export interface BenchTask {
  readonly agent: string;
  /** When its enqueue was called, in us of the machine's monotonic clock. */
  readonly t: number;
  /** Fills the payload up to about 200 bytes of JSON. */
  readonly pad: string;
  /** What it costs on warm and cold workers; undefined where all tasks cost the same. */
  readonly costs?: TaskCosts;
}

/** How long a task takes where its agent's state is and where it is not, in ms. */
export interface TaskCosts {
  readonly warmMs: number;
  readonly coldMs: number;
}

/** Runs one task of a worker. */
export type RunTask = (task: BenchTask) => Promise<unknown>;

/** What a worker of a bench run can do. */
export interface WorkerRoom {
  readonly slots: number;
  /** Agents whose state it can hold, undefined where there is none. */
  readonly maxAgents: number | undefined;
}

/** A way to dispatch tasks, as bench compares them. */
export interface System {
  readonly name: SystemName;
  /** A producer. Every call resolves once Redis has the task. */
  producer(redisUrl: string, workers: number): Producer;
  /** One of `workers` workers, in its own process. */
  worker(redisUrl: string, index: number, workers: number, room: WorkerRoom, run: RunTask): Promise<Closable>;
  /** What runs besides, in its own process; null when nothing does. */
  readonly dispatcher: ((redisUrl: string) => Promise<Closable>) | null;
}

/** Names a system. */
export type SystemName = 'bullmq-shared' | 'bullmq-hashed' | 'shunt';

/** The enqueueing side of a system. */
export interface Producer {
  enqueue(task: BenchTask): Promise<unknown>;
  close(): Promise<void>;
}

/** Something that runs until closed. */
export interface Closable {
  close(): Promise<void>;
}

/** Makes the payload of a task enqueued now. */
export const padding = 'x'.repeat(150);
