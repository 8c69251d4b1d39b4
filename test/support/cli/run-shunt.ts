import { format } from 'node:util';
import { vi } from 'vitest';
import { shuntProgram } from '../../../apps/cli/src/program.js';
import type { TestPool } from '../pool.js';

/** How a command ended. */
export interface CommandEnd {
  readonly code: number;
  readonly output: string;
  /** What it said beside its output, on stderr. */
  readonly aside: string;
}

/** Runs a command of `shunt` in this process, on a pool. Rejects with what the program would tell as an error. */
export async function runShunt(pool: TestPool, ...words: readonly string[]): Promise<CommandEnd> {
  const lines: string[] = [];
  const asides: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...said) => void lines.push(format(...said)));
  const error = vi.spyOn(console, 'error').mockImplementation((...said) => void asides.push(format(...said)));
  process.exitCode = undefined;
  try {
    const program = await shuntProgram(words[0]);
    await program.parseAsync(['node', 'shunt', ...words, ...(takesPool(words) ? whereOf(pool) : [])]);
    return { code: Number(process.exitCode ?? 0), output: lines.join('\n'), aside: asides.join('\n') };
  } finally {
    process.exitCode = undefined;
    log.mockRestore();
    error.mockRestore();
  }
}

const whereOf = (pool: TestPool) => ['--redis', pool.url, '--pool', pool.pool];
/** All but those that work on none. */
const takesPool = ([noun = '', verb]: readonly string[]) =>
  noun !== 'completion' && !(noun === 'config' && verb === 'check');
