import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const entryOf = (app: string) => fileURLToPath(new URL(`../../../${app}/src/main.js`, import.meta.url));

/** How long a process may take to stop before it is killed: Ctrl C ends the demo within 3 s. */
const stopMs = 2000;

/**
 * The processes of a demo: each is the built app that `npm run dispatcher` and `npm run worker` start. They have process
 * groups of their own, so Ctrl C reaches only the demo, which stops them; they end by themselves when it dies.
 */
export class Fleet {
  private readonly children: ChildProcess[] = [];
  private readonly output: string[] = [];
  private onFailure: (error: Error) => void = () => undefined;
  /** Rejects when a process ends that was not told to. */
  readonly failed = new Promise<never>((_, reject) => {
    this.onFailure = reject;
  });
  private isStopping = false;

  constructor() {
    this.failed.catch(() => undefined);
  }

  /** Starts an app. Resolves to its first message: that it is ready. */
  async start(app: 'dispatcher' | 'worker', environment: Record<string, string>): Promise<Record<string, string>> {
    const child = fork(entryOf(app), {
      env: { ...withoutSettings(process.env), ...environment },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.children.push(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.output.push(String(chunk));
        if (this.output.length > 200) this.output.shift();
      });
    }
    child.once('exit', (code, signal) => {
      if (this.isStopping) return;
      const said = this.output.slice(-5).join('');
      this.onFailure(new Error(`a ${app} ended with ${signal ?? code}\n${said}`));
    });
    const [message] = await Promise.race([once(child, 'message'), this.failed]);
    return message;
  }

  /** Stops every process; kills what does not stop in time. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const running = this.children.filter((child) => child.exitCode === null && child.signalCode === null);
    const ended = Promise.all(running.map((child) => once(child, 'exit')));
    for (const child of running) child.kill('SIGTERM');
    await Promise.race([ended, sleep(stopMs, undefined, { ref: false })]);
    for (const child of running) child.kill('SIGKILL');
    await ended;
  }
}

/** The demo sets its own settings: what the user's shell has for others must not leak in. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('SHUNT_')));
}
