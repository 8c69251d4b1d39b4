import { DemoFailure } from './demo-failure.js';
import { Fleet, type Member } from './fleet.js';

/** What the processes of a demo need to know. */
export interface CrewOptions {
  readonly redis: string;
  readonly pool: string;
  readonly workers: number;
  readonly slots: number;
  /** Where the dispatcher listens, if no other program does: then on a free port. */
  readonly port: number;
  /** Called with what happened, and what comes of it, when a worker ends that was not told to and others are left. */
  readonly onWorkerLost: (message: string) => void;
}

/** Short, so that the agents of a worker that was killed move while one watches. Three heartbeats at least. */
const lease = { SHUNT_HEARTBEAT: '500ms', SHUNT_LEASE: '3s' };
/** Running tasks of the demo end within a second; Ctrl C waits for no longer. */
const grace = { SHUNT_SHUTDOWN_GRACE: '1s' };

/** The dispatcher and the workers of a demo. It goes on without a worker, but not without all, and not without a dispatcher. */
export class Crew {
  /** Rejects with a DemoFailure when the demo cannot go on. */
  readonly failed: Promise<never>;
  private readonly fleet = new Fleet();
  private fail: (error: DemoFailure) => void = () => undefined;
  private left = 0;
  private isStopping = false;

  constructor(private readonly options: CrewOptions) {
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  /** Starts everything. Resolves to the dispatcher's address. */
  async start(): Promise<string> {
    const { redis, pool, workers } = this.options;
    const shared = { SHUNT_REDIS_URL: redis, SHUNT_POOL: pool, SHUNT_LOG_LEVEL: 'warn' };
    const ids = Array.from({ length: workers }, (_, i) => `w${i + 1}`);
    const [dispatcher] = await Promise.all([
      this.startDispatcher(shared),
      ...ids.map((id) => this.startWorker(id, shared)),
    ]);
    return dispatcher.ready.endpoint ?? '';
  }

  /** Stops everything. */
  stop(): Promise<void> {
    this.isStopping = true;
    return this.fleet.stop();
  }

  private async startDispatcher(shared: Record<string, string>): Promise<Member> {
    const on = (port: number) => this.fleet.start('dispatcher', { ...shared, SHUNT_HTTP_PORT: String(port) });
    const dispatcher = await on(this.options.port).catch(() => on(0));
    dispatcher.ended.then(({ how, said }) => this.fail(new DemoFailure(`the dispatcher ended (${how})\n${said}`)));
    return dispatcher;
  }

  private async startWorker(id: string, shared: Record<string, string>): Promise<void> {
    const own = { SHUNT_WORKER_ID: id, SHUNT_SLOTS: String(this.options.slots) };
    const worker = await this.fleet.start('worker', { ...shared, ...lease, ...grace, ...own });
    this.left++;
    worker.ended.then(({ how, said }) => {
      if (this.isStopping) return;
      this.left--;
      if (this.left > 0) this.options.onWorkerLost(`worker ${id} ended (${how}): its agents move to the others`);
      else this.fail(new DemoFailure(`worker ${id} ended (${how}), the last one\n${said}`));
    });
  }
}
