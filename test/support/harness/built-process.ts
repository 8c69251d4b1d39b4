import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A built program that a test watches from start to exit; kill it in `afterEach` with {@link BuiltProcess.end}. */
export class BuiltProcess {
  readonly child: ChildProcess;
  private readonly text = { stdout: '', stderr: '' };
  private readonly ended: Promise<number | null>;

  /**
   * @param file below `dist/`
   * @param settings its SHUNT_ variables; it gets none of this process
   */
  constructor(file: string, args: readonly string[] = [], settings: Readonly<Record<string, string>> = {}) {
    const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('SHUNT_'));
    this.child = fork(fileURLToPath(new URL(`../../../dist/${file}`, import.meta.url)), args, {
      env: { ...Object.fromEntries(ours), ...settings },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.ended = this.watch();
  }

  /** The next message it sends. */
  async message(): Promise<unknown> {
    const [message] = await once(this.child, 'message');
    return message;
  }

  /** What it wrote so far, errors apart. */
  get stdout(): string {
    return this.text.stdout;
  }

  /** Resolves once it has ended and all it wrote is here. */
  async exit(): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const code = await this.ended;
    return { code, ...this.text };
  }

  /** Ends it at once if it still runs. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Not by `close`: that never comes once a parent has disconnected the channel. */
  private async watch(): Promise<number | null> {
    const ends = (['stdout', 'stderr'] as const).map(async (name) => {
      const stream = this.child[name] as Readable;
      for await (const text of stream.setEncoding('utf8')) this.text[name] += text;
    });
    const [[code]] = await Promise.all([once(this.child, 'exit'), ...ends]);
    return code as number | null;
  }
}
