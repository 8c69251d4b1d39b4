import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Family } from './processes.js';

/** The project's folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** How a command is started. */
export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Defaults to the project's folder. */
  readonly cwd?: string;
  /** Whether `type` is to reach it; else its input is empty. */
  readonly isTyped?: boolean;
}

/** How a command ended: its exit code, or the signal. */
export type Exit = number | NodeJS.Signals;

/** More than anything of these tests takes, on a busy machine too. */
const patienceMs = 90_000;

/** A command as a person types it, in a process group of its own as a shell makes it, with all that it starts. */
export class Command {
  readonly family: Family;
  readonly exited: Promise<Exit>;
  private readonly child: ChildProcess;
  private readonly heard = new EventEmitter<{ output: [] }>();
  private text = '';

  private constructor(words: readonly string[], { env = {}, cwd = root, isTyped = false }: CommandOptions) {
    const [program = '', ...args] = words;
    const mark = `E2E_COMMAND=${randomUUID()}`;
    this.family = new Family(mark);
    const [name = '', value] = mark.split('=');
    this.child = spawn(program, args, {
      cwd,
      env: { ...plainEnvironment(), ...env, [name]: value },
      detached: true,
      stdio: [isTyped ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk) => {
        this.text += String(chunk);
        this.heard.emit('output');
      });
    }
    this.exited = once(this.child, 'close').then(([code, signal]) => signal ?? code);
  }

  /** Starts a command, `['npm', 'start']`. */
  static start(words: readonly string[], options: CommandOptions = {}): Command {
    return new Command(words, options);
  }

  /** All it wrote so far, errors included. */
  get output(): string {
    return this.text;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves to the match once the output has one; rejects when the command ends without, or takes too long. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(patienceMs);
    const isOver = this.exited.then(() => true);
    for (;;) {
      const match = pattern.exec(this.text);
      if (match) {
        this.family.members();
        return match;
      }
      const more = once(this.heard, 'output', { signal }).then(
        () => false,
        () => Promise.reject(new Error(`did not say ${pattern} within ${patienceMs} ms:\n${this.text}`)),
      );
      if ((await Promise.race([more, isOver])) && !pattern.test(this.text)) {
        throw new Error(`ended without ${pattern}:\n${this.text}`);
      }
    }
  }

  /** Types a text that it reads from its input. */
  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** What Ctrl C in a terminal does: SIGINT to every process of the group. Returns whether there still was one. */
  interrupt(): boolean {
    this.family.members();
    try {
      return process.kill(-this.pid, 'SIGINT');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
      throw error;
    }
  }

  /** Sends a signal to the command's own process alone, as `kill <pid>` does. */
  signal(signal: NodeJS.Signals): void {
    this.family.members();
    process.kill(this.pid, signal);
  }

  /** Resolves to how it ended, once it and everything it started are gone. */
  async ended(): Promise<Exit> {
    const exit = await this.exited;
    await this.family.gone(patienceMs);
    return exit;
  }
}

/** Without what vitest and the person who runs the tests have set. */
function plainEnvironment(): Record<string, string | undefined> {
  const unwanted = /^(SHUNT_|npm_|VITEST|NODE_ENV|NODE_OPTIONS|FORCE_COLOR|CI$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)));
}
