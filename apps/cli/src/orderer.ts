import type { Command } from 'commander';

/** Who gives an order, and why. */
export interface OrdererOptions {
  readonly by: string;
  readonly reason?: string;
}

/** Adds `--by` and `--reason` to a command that changes something. */
export function withOrderer(command: Command): Command {
  return command
    .option('--by <name>', 'who asks, for explain and the journal', 'cli')
    .option('--reason <text>', 'why, for the journal');
}
