import { createInterface } from 'node:readline/promises';
import { invalidInput, ShuntError } from '@shunt/sdk';
import type { Command } from 'commander';

/** Options of a command that takes something away. */
export interface ConfirmOptions {
  readonly yes?: boolean | undefined;
}

/** Where is asked, and where the answer comes from. */
interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Adds `--yes`. */
export function withYes(command: Command): Command {
  return command.option('--yes', 'do not ask; needed where there is no terminal to ask at');
}

/**
 * Asks whether something is to be done, unless `--yes` says so.
 *
 * @param deed what would be done, such as `evict what waits for worker w1`
 * @throws ShuntError INVALID_INPUT naming --yes where nobody can be asked, CANCELLED for any answer but yes
 */
export async function confirm(
  deed: string,
  { yes = false }: ConfirmOptions,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (yes) return;
  if (input.isTTY !== true || output.isTTY !== true)
    throw invalidInput([{ field: '--yes', message: `is needed to ${deed}, as there is no terminal to ask at` }]);
  const terminal = createInterface({ input, output });
  try {
    const answer = await terminal.question(`${deed}? [y/N] `);
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new ShuntError('CANCELLED', 'nothing was done');
  } finally {
    terminal.close();
  }
}
