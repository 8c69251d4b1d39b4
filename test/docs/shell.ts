import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from './pages.js';

const run = promisify(execFile);

/** Runs lines of a shell as a reader would, until one fails. Resolves to what they print. */
export async function runShell(lines: string): Promise<string> {
  const { stdout } = await run('sh', ['-c', `set -eu\n${lines}`], { cwd: root });
  return stdout;
}

/** Has `npm run -s shunt --` tell its words, a NUL behind each, and two behind the last. */
const npm = `npm() {
  [ "$1 $2 $3 $4" = 'run -s shunt --' ] || { echo "not a command of the CLI: npm $*" >&2; exit 64; }
  shift 4
  printf '%s\\0' "$@"
  printf '\\0'
}`;

/** The commands of the CLI in lines of a shell, as the shell reads them, each as its words. */
export async function shuntCommandsIn(lines: string): Promise<string[][]> {
  const told = await runShell(`${npm}\n${lines}`);
  return told
    .split('\0\0')
    .slice(0, -1)
    .map((command) => command.split('\0'));
}
