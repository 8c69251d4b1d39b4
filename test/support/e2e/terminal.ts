import type { Command } from './command.js';
import type { commands } from './commands.js';

/** What Ctrl C types. */
export const ctrlC = '\u0003';

/** Starts a command at a terminal of 100 columns and 40 rows, which `script` of Debian's base system makes; `type` of it types there. */
export function atTerminal(
  start: ReturnType<typeof commands>,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Command {
  const typed = words.map((word) => `'${word}'`).join(' ');
  const line = `stty cols 100 rows 40; exec ${typed}`;
  return start(['script', '--quiet', '--return', '--command', line, '/dev/null'], { env, isTyped: true });
}
