import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CrewFailure } from './crew-failure.js';

/** The apps that are started. */
export type App = 'dispatcher' | 'worker';

/** How a process ended. */
export interface Ending {
  /** Its exit code, or the name of the signal that killed it. */
  readonly how: number | NodeJS.Signals;
  /** The last lines it wrote. */
  readonly said: string;
}

/** A running process. */
export interface Member {
  /** What it told when it was ready. */
  readonly ready: Readonly<Record<string, string>>;
  readonly ended: Promise<Ending>;
  readonly process: ChildProcess;
}

const entryOf = (app: App) => fileURLToPath(new URL(`../../../${app}/src/main.js`, import.meta.url));

const keptChunks = 50;

/**
 * Processes on this machine: each is the built app that `npm run dispatcher` and `npm run worker` start. They have process
 * groups of their own, so Ctrl C reaches only this one, which stops them; they end by themselves when it dies.
 */
export class Fleet {
  private readonly children: ChildProcess[] = [];
  private isStopping = false;

  /**
   * @param stopMs how long a process may take to stop before it is killed
   * @param onLine told each line that one writes, once it is ready: what one says that does not start is in its failure
   */
  constructor(
    private readonly stopMs: number,
    private readonly onLine: (line: string) => void = () => undefined,
  ) {
    // Whoever still stops when this process ends is told a second time, by another signal than the first, and ends at once as well.
    process.once('exit', () => {
      for (const child of this.running()) child.kill('SIGINT');
    });
  }

  /**
   * Starts an app. Resolves once it is ready.
   *
   * @throws CrewFailure with its last words when it ends before, or the fleet was stopped
   */
  async start(app: App, environment: Record<string, string>, args: readonly string[] = []): Promise<Member> {
    if (this.isStopping) throw new CrewFailure(`no ${app} starts any more`);
    const child = fork(entryOf(app), args, {
      env: { ...withoutSettings(process.env), ...environment },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.children.push(child);
    const early: string[] = [];
    let onLine = (line: string): unknown => early.push(line);
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => onLine(line));
    const ended = endingOf(child);
    const failed = ended.then(({ how, said }): never => {
      throw new CrewFailure(`the ${app} did not start (${how}):\n${said.trimEnd()}`);
    });
    failed.catch(() => undefined);
    const [ready] = await Promise.race([once(child, 'message'), failed]);
    for (const line of early) this.onLine(line);
    onLine = this.onLine;
    return { ready, ended, process: child };
  }

  /** Stops every process; kills what does not stop in time. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const running = this.running();
    const ended = Promise.all(running.map((child) => once(child, 'exit')));
    for (const child of running) child.kill('SIGTERM');
    await Promise.race([ended, sleep(this.stopMs, undefined, { ref: false })]);
    for (const child of running) child.kill('SIGKILL');
    await ended;
  }

  private running(): ChildProcess[] {
    return this.children.filter((child) => child.exitCode === null && child.signalCode === null);
  }
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output.push(String(chunk));
      if (output.length > keptChunks) output.shift();
    });
  }
  const [code, signal] = await once(child, 'exit');
  return { how: signal ?? code, said: output.join('').split('\n').slice(-6).join('\n') };
}

/** Whoever starts them gives all settings: what the user's shell has for others must not leak in. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('SHUNT_')));
}
