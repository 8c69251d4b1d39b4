import { type DemoTally, DispatcherLink, demoFlag } from '../demo/dispatcher-link.js';
import { LocalProcesses } from '../scaling/local-processes.js';
import { CrewFailure } from './crew-failure.js';
import { Fleet, type Member } from './fleet.js';

/** What is started, and what its processes need to know. */
export interface CrewOptions {
  /** Settings of every process: where Redis is, the pool. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings of workers besides. */
  readonly workerSettings: Readonly<Record<string, string>>;
  readonly workers: number;
  /** Where the dispatcher listens, if no other program does: then on a free port. */
  readonly port: number;
  /** How long a process may take to stop before it is killed. */
  readonly stopMs: number;
  /** Whether the page shows a demo and may crash workers. */
  readonly isDemo: boolean;
  /** Told each line that a process writes. Defaults to nobody. */
  readonly onLine?: (line: string) => void;
  /** Told what happened that nobody ordered, and what comes of it: a port that is taken, a worker that ended while others are left. */
  readonly onNotice: (message: string) => void;
}

/** Until a worker that the page crashed starts again: its agents have moved by then. */
const againMs = 8000;

/** A dispatcher and workers on this machine, of the demo or of `shunt dev`. It goes on without a worker, but not without all, and not without a dispatcher. */
export class Crew {
  /** Rejects with a CrewFailure when it cannot go on. */
  readonly failed: Promise<never>;
  private readonly fleet: Fleet;
  private readonly workers = new Map<string, Member>();
  private readonly crashed = new Map<string, NodeJS.Timeout>();
  private readonly dismissed = new Set<string>();
  /** Has as many workers run as are wished for. */
  readonly scaler = new LocalProcesses({ start: (id) => this.startWorker(id), stop: (id) => this.dismiss(id) });
  private link: DispatcherLink | undefined;
  private fail: (error: CrewFailure) => void = () => undefined;
  private isStopping = false;

  constructor(private readonly options: CrewOptions) {
    this.fleet = new Fleet(options.stopMs, options.onLine);
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
    const { settings, port: wanted, isDemo } = this.options;
    const on = (port: number) =>
      this.fleet.start('dispatcher', { ...settings, SHUNT_HTTP_PORT: String(port) }, isDemo ? [demoFlag] : []);
    const dispatcher = await on(wanted).catch((error: Error) => {
      if (!error.message.includes('EADDRINUSE')) throw error;
      this.options.onNotice(`port ${wanted} is taken by another program: the page is on a free one`);
      return on(0);
    });
    if (isDemo) this.link = new DispatcherLink(dispatcher.process, (worker) => this.crash(worker));
    dispatcher.ended.then(({ how, said }) => this.fail(new CrewFailure(`the dispatcher ended (${how})\n${said}`)));
    return dispatcher;
  }

  private async startWorker(id: string): Promise<void> {
    const { settings, workerSettings } = this.options;
    const worker = await this.fleet.start('worker', { ...settings, ...workerSettings, SHUNT_WORKER_ID: id });
    this.workers.set(id, worker);
    this.scaler.note(id, true);
    worker.ended.then(({ how, said }) => {
      if (this.isStopping) return;
      this.workers.delete(id);
      if (this.dismissed.delete(id)) return;
      if (!this.crashed.has(id)) this.scaler.note(id, false);
      if (this.workers.size > 0) this.options.onNotice(`worker ${id} ended (${how}): its agents move to the others`);
      else if (this.crashed.size === 0)
        this.fail(new CrewFailure(`worker ${id} ended (${how}), the last one\n${said}`));
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
      if (!this.isStopping) this.options.onNotice(`worker ${id} did not start again: ${error}`);
    });
  }
}
