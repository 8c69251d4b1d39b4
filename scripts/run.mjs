// `node scripts/run.mjs <entry> [arguments]`: installs and builds what is missing, then is the built program: one process,
// so its output, signals and exit code are the program's own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './prepare.mjs';

const entries = {
  dispatcher: ['apps/dispatcher/src/main.js'],
  worker: ['apps/worker/src/main.js'],
  cli: ['apps/cli/src/main.js'],
  demo: ['apps/cli/src/main.js', 'dev', '--demo'],
  redis: ['apps/cli/src/main.js', 'redis'],
  bench: ['bench/src/main.js'],
  faults: ['bench/src/faults/main.js'],
  placement: ['bench/src/placement/main.js'],
  http: ['bench/src/http/main.js'],
  page: ['bench/src/page/main.js'],
  simulate: ['test/simulation/main.js'],
  chaos: ['test/support/chaos/main.js'],
};

const [name = '', ...rest] = process.argv.slice(2);
const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
if (!entry) {
  console.error(`node scripts/run.mjs <${Object.keys(entries).join('|')}> [arguments]`);
  process.exit(64);
}
if (process.env.npm_lifecycle_event !== undefined) stopWithParent();
await prepare();

const [file, ...first] = entry;
const path = join(root, 'dist', file);
process.argv = [process.argv[0], path, ...first, ...rest];
await import(pathToFileURL(path).href);

/** A signal sent to npm alone ends npm's shell but not us: we see it by our parent, which is then another. */
function stopWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 200);
  watch.unref();
}
