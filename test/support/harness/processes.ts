import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { builtFolder } from './built.js';
import type { WorkerTask } from './worker-task.js';

/** How a process ended: its exit code, or the signal. */
export type Ending = number | NodeJS.Signals;

const ending = (code: number | null, signal: NodeJS.Signals | null): Ending => signal ?? code ?? 0;

/** The built programs of a run, each a process of plain Node with a name of its own; one that ends unasked fails the run. */
export class Processes {
  private readonly children = new Map<string, ChildProcess>();
  private readonly ended: string[] = [];
  private isStopping = false;

  /** @param folder where the built programs are. Defaults to `dist` */
  constructor(private readonly folder: string = builtFolder) {}

  /** Starts a worker of the harness, by default under its own id. */
  async worker(task: WorkerTask, name: string = task.id): Promise<void> {
    await this.start(name, 'test/support/harness/worker-process.js', [JSON.stringify(task)], {});
  }

  /** Starts a worker of the harness that is to end by itself. Resolves to how it did. */
  async doomedWorker(task: WorkerTask): Promise<Ending> {
    const [code, signal] = await once(
      this.fork('test/support/harness/worker-process.js', [JSON.stringify(task)]),
      'exit',
    );
    return ending(code, signal);
  }

  /** Starts a dispatcher as `npm run dispatcher` does. Resolves to the address of its endpoints. */
  async dispatcher(name: string, redisUrl: string, pool: string, settings: Record<string, string>): Promise<string> {
    const message = await this.start(name, 'apps/dispatcher/src/main.js', [], {
      ...settings,
      SHUNT_REDIS_URL: redisUrl,
      SHUNT_POOL: pool,
      SHUNT_HTTP_PORT: '0',
      SHUNT_LOG_LEVEL: 'silent',
    });
    return (message as { endpoint: string }).endpoint;
  }

  /** Starts the effect store on a history file. Resolves to its port. */
  async effectStore(history: string): Promise<number> {
    const message = await this.start('effects', 'test/support/effects/store-process.js', [history], {});
    return (message as { port: number }).port;
  }

  /** Ends a process by a signal. Resolves to how it ended, once it is gone. */
  async end(name: string, signal: NodeJS.Signals): Promise<Ending> {
    const end = this.awaitEnd(name);
    this.childOf(name).kill(signal);
    return end;
  }

  /** Resolves to how a process ends that is meant to, by itself. */
  async awaitEnd(name: string): Promise<Ending> {
    const child = this.childOf(name);
    child.removeAllListeners('exit');
    const [code, signal] =
      child.exitCode === null && child.signalCode === null
        ? await once(child, 'exit')
        : [child.exitCode, child.signalCode];
    if (this.children.get(name) === child) this.children.delete(name);
    return ending(code, signal);
  }

  /** Gives a process another name. */
  rename(from: string, to: string): void {
    const child = this.childOf(from);
    this.children.delete(from);
    this.children.set(to, child);
  }

  /** Sends a signal to a process that goes on: SIGSTOP, SIGCONT. */
  signal(name: string, signal: NodeJS.Signals): void {
    this.childOf(name).kill(signal);
  }

  /** A process as one that can be stopped for a while. */
  stoppable(name: string) {
    return { pid: this.pidOf(name), signal: (signal: NodeJS.Signals) => this.signal(name, signal) };
  }

  /** Tells a process something by its channel. */
  tell(name: string, message: object): void {
    this.childOf(name).send(message);
  }

  /** Resolves to the next thing a process tells by its channel. */
  async told(name: string): Promise<unknown> {
    const [message] = await once(this.childOf(name), 'message');
    return message;
  }

  /** The number of a process. */
  pidOf(name: string): number {
    return this.childOf(name).pid ?? 0;
  }

  /**
   * Ends every process by SIGTERM, the effect store last.
   *
   * @throws Error naming those that did not end cleanly or had ended before
   */
  async stop(): Promise<void> {
    this.isStopping = true;
    const { effects, ...others } = Object.fromEntries(this.children);
    await Promise.all(Object.values(others).map((child) => this.stopOne(child as ChildProcess)));
    if (effects !== undefined) await this.stopOne(effects);
    if (this.ended.length > 0) throw new Error(this.ended.join('; '));
  }

  private async stopOne(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const [code, signal] = await exited;
    if (code !== 0) this.ended.push(`${child.spawnargs[1]} ended with ${ending(code, signal)} when stopped`);
  }

  private childOf(name: string): ChildProcess {
    const child = this.children.get(name);
    if (!child) throw new Error(`no process ${name} runs`);
    return child;
  }

  private fork(file: string, args: string[], settings: Record<string, string> = {}): ChildProcess {
    const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('SHUNT_'));
    return fork(join(this.folder, file), args, {
      env: { ...Object.fromEntries(ours), ...settings },
      execArgv: ['--max-old-space-size=128'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  private async start(name: string, file: string, args: string[], settings: Record<string, string>): Promise<unknown> {
    const child = this.fork(file, args, settings);
    this.children.set(name, child);
    child.once('exit', (code, signal) => {
      if (!this.isStopping) this.ended.push(`${name}, ${file}, ended with ${ending(code, signal)}`);
    });
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [null])]);
    if (message === null) throw new Error(this.ended.join('; '));
    return message;
  }
}
