import { type Command, Option } from 'commander';
import { type PoolOptions, withPool } from './pool-command.js';

/** How a command prints: for people, as JSON, or as JSON with an entry per line. */
export type Output = 'table' | 'json' | 'jsonl';

/** Options of every command that prints something. */
export interface FormOptions {
  readonly output: Output;
}

/** Options of every command that works on a pool and prints something. */
export interface OutputOptions extends PoolOptions, FormOptions {}

/** Adds `-o` to a command, with the pool it works on. */
export function withOutput(command: Command): Command {
  return withForm(withPool(command));
}

/** Adds `-o` to a command that works on no pool. */
export function withForm(command: Command): Command {
  const output = new Option('-o, --output <form>', 'how to print').choices(['table', 'json', 'jsonl']).default('table');
  return command.addOption(output);
}

/** Prints a value as it is asked for; `text` is what people read. A list is an entry per line as `jsonl`. */
export function tell(value: unknown, { output }: FormOptions, text: () => string): void {
  if (output === 'table') console.log(text());
  else if (output === 'json') console.log(JSON.stringify(value, null, 2));
  else for (const entry of Array.isArray(value) ? value : [value]) console.log(JSON.stringify(entry));
}

/** Prints one entry of what goes on and on: a line of text, or of JSON whichever form is asked for. */
export function tellEntry(entry: unknown, { output }: FormOptions, text: () => string): void {
  console.log(output === 'table' ? text() : JSON.stringify(entry));
}

/** A moment for people, '-' for none. */
export function moment(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '-' : new Date(ms).toISOString();
}
