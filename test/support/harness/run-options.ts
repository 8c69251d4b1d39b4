import type { WorkerTask } from './worker-task.js';

/** What takes part in a run. */
export interface RunOptions {
  readonly redisUrl: string;
  /** Worker processes. Defaults to 4. */
  readonly workers?: number;
  /** Tasks that one worker runs at once. Defaults to 8. */
  readonly slots?: number;
  /** Dispatcher processes. Defaults to 1. */
  readonly dispatchers?: number;
  /** Defaults to `lane`. Plain workers take what a plain producer adds. */
  readonly kind?: WorkerTask['kind'];
  /** Time between heartbeats and lease, of dispatchers as well. Default to 500 ms and 10 s. */
  readonly timing?: { readonly heartbeat: string; readonly lease: string };
  /** Where the processes and the producer find Redis, if not where the observers do: behind a faulty network. */
  readonly faultyUrl?: string;
  /** Whether each process and the producer has a faulty network of its own, instead. Defaults to false. */
  readonly hasLines?: boolean;
  /** Whether handlers write effects into an effect store. Defaults to false. */
  readonly hasEffects?: boolean;
  /** A run in which nothing was settled for so long, in ms, is over; the check then tells what is missing. Defaults to 20 s. */
  readonly stalledMs?: number;
  /** Where the built programs are. Defaults to `dist`. */
  readonly builtFolder?: string;
}
