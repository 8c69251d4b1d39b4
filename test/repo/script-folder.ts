import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A running program of a folder. */
export interface Running {
  readonly child: ChildProcess;
  /** What it and its children wrote so far. */
  readonly output: () => string;
  /** Resolves once it has ended, and every child that shares its output. */
  readonly ended: Promise<Ended>;
}

/** A temporary folder with the project's `scripts/` and whatever a test plants in it. */
export class ScriptFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'shunt-scripts-'));
  private readonly children: ChildProcess[] = [];

  /** @param copied files and folders of the project to take along */
  constructor(copied: readonly string[] = []) {
    for (const name of ['scripts', 'package.json', ...copied]) {
      cpSync(join(root, name), join(this.path, name), { recursive: true });
    }
  }

  /** Writes a file, and its folders. */
  plant(name: string, text: string, isProgram = false): void {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (isProgram) chmodSync(file, 0o755);
  }

  /** Lets programs of the folder import the project's packages. */
  linkPackages(): void {
    symlinkSync(join(root, 'node_modules'), join(this.path, 'node_modules'));
  }

  /** Text of a file, '' while there is none. */
  read(name: string): string {
    const file = join(this.path, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Resolves once a file has this many lines; fails after 50 s. */
  async lines(name: string, count: number): Promise<void> {
    await vi.waitUntil(() => this.read(name).split('\n').length > count, { timeout: 50_000, interval: 20 });
  }

  /** Starts node in the folder; programs planted in `bin/` are found before the system's. */
  start(...args: string[]): Running {
    const env = { ...process.env, PATH: `${join(this.path, 'bin')}:${process.env.PATH}` };
    const child = spawn(process.execPath, args, { cwd: this.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    return { child, output: () => output, ended: once(child, 'close').then(([code]) => ({ code, output })) };
  }

  /** Runs node in the folder to its end. */
  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** Ends what a failed test left running, and removes the folder. */
  remove(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.path, { recursive: true, force: true });
  }
}
