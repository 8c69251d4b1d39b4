import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WorkerTask } from './worker-task.js';

const built = (file: string) => fileURLToPath(new URL(`../../../dist/${file}`, import.meta.url));

/** The built programs of a run, each a process of plain Node with a name of its own; one that ends unasked fails the run. */
export class Processes {
  private readonly children = new Map<string, ChildProcess>();
  private readonly ended: string[] = [];
  private isStopping = false;

  /** Starts a worker of the harness. */
  worker(task: WorkerTask): Promise<void> {
    return this.start(task.id, 'test/support/harness/worker-process.js', [JSON.stringify(task)], {});
  }

  /** Starts a dispatcher as `npm run dispatcher` does. */
  dispatcher(name: string, redisUrl: string, pool: string, settings: Record<string, string>): Promise<void> {
    return this.start(name, 'apps/dispatcher/src/main.js', [], {
      ...settings,
      SHUNT_REDIS_URL: redisUrl,
      SHUNT_POOL: pool,
      SHUNT_HTTP_PORT: '0',
      SHUNT_LOG_LEVEL: 'silent',
    });
  }

  /** Kills a process by SIGKILL. Resolves once it is gone. */
  async kill(name: string): Promise<void> {
    const child = this.childOf(name);
    child.removeAllListeners('exit');
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    this.children.delete(name);
  }

  /** Sends a signal to a process that goes on: SIGSTOP, SIGCONT. */
  signal(name: string, signal: NodeJS.Signals): void {
    this.childOf(name).kill(signal);
  }

  private childOf(name: string): ChildProcess {
    const child = this.children.get(name);
    if (!child) throw new Error(`no process ${name} runs`);
    return child;
  }

  /** Ends every process by SIGTERM. @throws Error naming those that did not end cleanly or had ended before */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(
      [...this.children.values()].map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        const [code, signal] = await exited;
        if (code !== 0) this.ended.push(`${child.spawnargs[1]} ended with ${signal ?? code} when stopped`);
      }),
    );
    if (this.ended.length > 0) throw new Error(this.ended.join('; '));
  }

  private async start(
    name: string,
    file: string,
    args: readonly string[],
    settings: Record<string, string>,
  ): Promise<void> {
    const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('SHUNT_'));
    const child = fork(built(file), args, {
      env: { ...Object.fromEntries(ours), ...settings },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.children.set(name, child);
    child.once('exit', (code, signal) => {
      if (!this.isStopping) this.ended.push(`${file} ended with ${signal ?? code}`);
    });
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [null])]);
    if (message === null) throw new Error(this.ended.join('; '));
  }
}
