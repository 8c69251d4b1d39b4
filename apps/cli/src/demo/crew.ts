import { LocalProcesses } from '../scaling/local-processes.js';
import { DemoFailure } from './demo-failure.js';
import { type DemoTally, DispatcherLink, demoFlag } from './dispatcher-link.js';
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
/** Until a worker that the page crashed starts again: its agents have moved by then. */
const againMs = 8000;

/** The dispatcher and the workers of a demo. It goes on without a worker, but not without all, and not without a dispatcher. */
export class Crew {
  /** Rejects with a DemoFailure when the demo cannot go on. */
  readonly failed: Promise<never>;
  private readonly fleet = new Fleet();
  private readonly shared: Record<string, string>;
  private readonly workers = new Map<string, Member>();
  private readonly crashed = new Map<string, NodeJS.Timeout>();
  private readonly dismissed = new Set<string>();
  /** Has as many workers run as are wished for. */
  readonly scaler = new LocalProcesses({ start: (id) => this.startWorker(id), stop: (id) => this.dismiss(id) });
  private link: DispatcherLink | undefined;
  private fail: (error: DemoFailure) => void = () => undefined;
  private isStopping = false;

  constructor(private readonly options: CrewOptions) {
    const { redis, pool } = options;
    this.shared = { SHUNT_REDIS_URL: redis, SHUNT_POOL: pool, SHUNT_LOG_LEVEL: 'warn' };
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  /** Starts everything. Resolves to the dispatcher's address. */
  async start(): Promise<string> {
    const ids = Array.from({ length: this.options.workers }, (_, i) => `w${i + 1}`);
    const [dispatcher] = await Promise.all([this.startDispatcher(), ...ids.map((id) => this.startWorker(id))]);
    return dispatcher.ready.endpoint ?? '';
  }

  /** Tells the page how the replay goes. */
  tell(tally: DemoTally): void {
    this.link?.tell(tally);
  }

  /** Stops everything. */
  stop(): Promise<void> {
    this.isStopping = true;
    for (const timer of this.crashed.values()) clearTimeout(timer);
    return this.fleet.stop();
  }

  private async startDispatcher(): Promise<Member> {
    const on = (port: number) =>
      this.fleet.start('dispatcher', { ...this.shared, SHUNT_HTTP_PORT: String(port) }, [demoFlag]);
    const dispatcher = await on(this.options.port).catch(() => on(0));
    this.link = new DispatcherLink(dispatcher.process, (worker) => this.crash(worker));
    dispatcher.ended.then(({ how, said }) => this.fail(new DemoFailure(`the dispatcher ended (${how})\n${said}`)));
    return dispatcher;
  }

  private async startWorker(id: string): Promise<void> {
    const own = { SHUNT_WORKER_ID: id, SHUNT_SLOTS: String(this.options.slots) };
    const worker = await this.fleet.start('worker', { ...this.shared, ...lease, ...grace, ...own });
    this.workers.set(id, worker);
    this.scaler.note(id, true);
    worker.ended.then(({ how, said }) => {
      if (this.isStopping) return;
      this.workers.delete(id);
      if (this.dismissed.delete(id)) return;
      if (!this.crashed.has(id)) this.scaler.note(id, false);
      if (this.workers.size > 0)
        this.options.onWorkerLost(`worker ${id} ended (${how}): its agents move to the others`);
      else if (this.crashed.size === 0)
        this.fail(new DemoFailure(`worker ${id} ended (${how}), the last one\n${said}`));
    });
  }

  /** Ends a worker that has nothing left, as a smaller pool is wished for. */
  private async dismiss(id: string): Promise<void> {
    const worker = this.workers.get(id);
    if (worker === undefined) return;
    this.dismissed.add(id);
    worker.process.kill('SIGTERM');
    await worker.ended;
  }

  /** Kills a worker, which starts again later. Returns its id; null when it is not there, or the last. */
  private crash(asked: string | null): string | null {
    const ids = [...this.workers.keys()].filter((id) => !this.crashed.has(id));
    const id = asked === null ? ids[0] : ids.find((one) => one === asked);
    if (id === undefined || ids.length < 2 || this.isStopping) return null;
    this.workers.get(id)?.process.kill('SIGKILL');
    this.crashed.set(
      id,
      setTimeout(() => void this.restart(id), againMs),
    );
    return id;
  }

  private async restart(id: string): Promise<void> {
    this.crashed.delete(id);
    await this.startWorker(id).catch((error: unknown) => {
      if (!this.isStopping) this.options.onWorkerLost(`worker ${id} did not start again: ${error}`);
    });
  }
}
