import { randomUUID } from 'node:crypto';
import {
  Dispatcher,
  endsWithin,
  LaneWorker,
  type LaneWorkerOptions,
  openPatientRedis,
  poolKeys,
  queueNameOf,
} from '@shunt/lanes';
import { type ConnectOptions, connect, type Shunt } from '@shunt/sdk';
import { type Job, Queue, QueueEvents } from 'bullmq';
import { inject } from 'vitest';

/** How long a worker has to close at the end of a test. */
const closeMs = 20_000;

type Handler = (job: Job, worker: LaneWorker, signal?: AbortSignal) => unknown;

/**
 * A pool of its own for one suite, on the run's Redis: dispatchers, workers, clients and queues made through it are closed
 * with it.
 */
export class TestPool {
  readonly pool = `t-${randomUUID().slice(0, 8)}`;
  readonly queueName = queueNameOf(this.pool);
  readonly url: string;
  readonly keys = poolKeys(this.queueName);
  readonly redis;
  /** Errors that dispatchers and workers reported. */
  readonly errors: Error[] = [];
  private readonly closers: (() => unknown)[] = [];

  constructor(url: string = inject('redisUrl')) {
    this.url = url;
    this.redis = openPatientRedis(url);
  }

  /** A started dispatcher. */
  dispatcher(options: Partial<ConstructorParameters<typeof Dispatcher>[0]> = {}): Dispatcher {
    const dispatcher = new Dispatcher({ redis: this.url, pool: this.pool, sweep: 100, ...options });
    dispatcher.on('error', (error) => this.errors.push(error));
    dispatcher.start();
    this.closers.push(() => dispatcher.stop());
    return dispatcher;
  }

  /** A running worker. */
  worker(handler: Handler, options: Partial<LaneWorkerOptions> = {}): LaneWorker {
    const worker: LaneWorker = new LaneWorker(
      this.queueName,
      (job: Job, _token?: string, signal?: AbortSignal) => handler(job, worker, signal) as Promise<unknown>,
      { connection: { url: this.url } as never, heartbeat: 100, lease: 5000, ...options },
    );
    worker.on('error', (error) => this.errors.push(error));
    this.closers.push(() => closeInTime(worker));
    return worker;
  }

  /** A plain BullMQ queue of the pool. */
  queue(): Queue {
    const queue = new Queue(this.queueName, { prefix: 'shunt', connection: { url: this.url } as never });
    this.closers.push(() => queue.close());
    return queue;
  }

  /** Plain BullMQ events of the pool, from its first: one that begins with the newest may miss what happens meanwhile. */
  async events(): Promise<QueueEvents> {
    const connection = { url: this.url } as never;
    const events = new QueueEvents(this.queueName, { prefix: 'shunt', connection, lastEventId: '0-0' });
    this.closers.push(() => events.close());
    await events.waitUntilReady();
    return events;
  }

  /** An SDK client of the pool. */
  client(options: Partial<ConnectOptions> = {}): Shunt {
    const client = connect({ redis: this.url, pool: this.pool, ...options });
    this.closers.push(() => client.close());
    return client;
  }

  /** Closes everything made, last first. */
  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
    this.redis.disconnect();
  }
}

/** Closes a worker; by force when a test that failed holds its handlers. */
async function closeInTime(worker: LaneWorker): Promise<void> {
  if (!(await endsWithin(worker.close(), closeMs))) await worker.close(true);
}

/** A promise with its resolver: an event a test waits for. */
export class Signal<T = void> {
  resolve: (value: T) => void = () => undefined;
  readonly seen = new Promise<T>((resolve) => {
    this.resolve = resolve;
  });
}

/** Resolves once `count` calls were made. */
export class Countdown {
  private readonly done = new Signal();
  constructor(private left: number) {}
  readonly zero = this.done.seen;
  tick = (): void => {
    if (--this.left === 0) this.done.resolve();
  };
}
