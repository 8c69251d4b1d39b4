// `node scripts/run.mjs <entry> [arguments]`: installs and builds what is missing, then runs a built program as this
// process would: its output, its signals, its exit code.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

const entries = {
  dispatcher: ['apps/dispatcher/src/main.js'],
  worker: ['apps/worker/src/main.js'],
  cli: ['apps/cli/src/main.js'],
  demo: ['apps/cli/src/main.js', 'dev', '--demo'],
  bench: ['bench/src/main.js'],
};

const [name = '', ...rest] = process.argv.slice(2);
const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
if (!entry) {
  console.error(`node scripts/run.mjs <${Object.keys(entries).join('|')}> [arguments]`);
  process.exit(64);
}
await prepare();

const [file, ...first] = entry;
const child = fork(join(root, 'dist', file), [...first, ...rest], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
// A terminal sends Ctrl C to the child as well; other signals come only here.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
