import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { CommandWords } from '@shunt/runtime';
import { type Handler, type TaskContext, Terminal } from '@shunt/sdk';

/** Largest output in bytes: that of a result. */
const maxOutputBytes = 1024 * 1024;
/** How long a command that was told to end may take. */
const endMs = 2000;
/** Exit code that says that the input is wrong (EX_DATAERR of sysexits.h): it is not tried again. */
const badInputCode = 65;
const maxReasonChars = 500;

/**
 * Makes the handler that runs a command for each task: it reads `{ task, attempt, agent, input }` as JSON from stdin and writes its result as JSON to
 * stdout. It runs in a process group of its own, which ends with it, and is told SIGTERM and then SIGKILL when the task is aborted.
 */
export function commandHandler(command: CommandWords | undefined): Handler {
  return async (input: unknown, ctx) => {
    if (command === undefined) throw new Terminal('the handler command has none to run: set SHUNT_COMMAND');
    const [program, ...args] = command;
    const child = spawn(program, args, { detached: true, env: ownEnvironment(), stdio: 'pipe' });
    const { task, attempt, agent } = ctx;
    const known = agent === null ? null : { id: agent.id, fence: agent.fence, home: agent.home };
    // One that reads nothing is fine.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify({ task, attempt, agent: known, input }));
    return resultOf(await ended(child, ctx));
  };
}

/** Without what the worker itself was told: it may hold secrets. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SHUNT_')));
}

interface Ended {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly output: string;
  readonly lastWords: string;
}

function ended(child: ChildProcessWithoutNullStreams, { signal }: TaskContext): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const output = collect(child.stdout, maxOutputBytes, () => {
      kill(child, 'SIGKILL');
      reject(new Terminal(`the command wrote more than ${maxOutputBytes} bytes`));
    });
    let lastWords = '';
    child.stderr.on('data', (chunk) => {
      lastWords = (lastWords + chunk).slice(-maxReasonChars);
    });
    let giveUp: NodeJS.Timeout | undefined;
    const abort = () => {
      kill(child, 'SIGTERM');
      giveUp = setTimeout(() => kill(child, 'SIGKILL'), endMs);
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    const leave = () => {
      signal.removeEventListener('abort', abort);
      clearTimeout(giveUp);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      leave();
      reject(new Error(`the command could not be started: ${error.code ?? error.message}`));
    });
    // What it left behind would keep its output open.
    child.on('exit', () => kill(child, 'SIGKILL'));
    child.on('close', (code, killedBy) => {
      leave();
      if (signal.aborted) reject(new Error(`the command was ended: ${String(signal.reason)}`));
      else resolve({ code, killedBy, output: output(), lastWords });
    });
  });
}

/** Gathers a stream's text, up to a number of bytes. */
function collect(stream: NodeJS.ReadableStream, maxBytes: number, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) onTooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Sends a signal to a command and all that it started. */
function kill({ pid }: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of them have ended.
  }
}

function resultOf({ code, killedBy, output, lastWords }: Ended): unknown {
  if (code !== 0) {
    const line = lastWords.trim().split('\n').at(-1) ?? '';
    const message = `the command ended with ${killedBy ?? `code ${code}`}${line === '' ? '' : `: ${line}`}`;
    throw code === badInputCode ? new Terminal(message) : new Error(message);
  }
  if (output.trim() === '') return null;
  try {
    return JSON.parse(output);
  } catch {
    throw new Error('the command wrote something that is no JSON');
  }
}
