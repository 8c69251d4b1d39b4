// What every command needs first: installed packages and a fresh build. Only Node's own modules, as nothing may be installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);
const sourceRoots = ['apps', 'libs', 'bench', 'test/support'];
const lockDir = at('.shunt', 'prepare.lock');

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Runs a step alone: a second copy that starts meanwhile waits for the first one's result. */
function alone(step) {
  mkdirSync(at('.shunt'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lockDir);
      break;
    } catch {
      if (!isHeld()) rmSync(lockDir, { recursive: true, force: true });
      else sleep(200);
    }
  }
  try {
    writeFileSync(join(lockDir, 'pid'), String(process.pid));
    step();
  } finally {
    rmSync(lockDir, { recursive: true, force: true });
  }
}

/** Whether the process that took the lock lives; one that died within its first second counts as living. */
function isHeld() {
  try {
    process.kill(Number(readFileSync(join(lockDir, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    if (error.code === 'EPERM') return true;
    if (error.code !== 'ENOENT') return false;
    const age = Date.now() - (statSync(lockDir, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    return age < 1000;
  }
}

function run(command, args, quiet) {
  const result = spawnSync(command, args, { cwd: root, stdio: quiet ? 'pipe' : ['ignore', 'inherit', 'inherit'] });
  if (result.status === 0) return;
  if (quiet) process.stderr.write(Buffer.concat([result.stdout ?? Buffer.of(), result.stderr ?? Buffer.of()]));
  console.error(`${command} ${args.join(' ')} failed`);
  process.exit(1);
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
const installStamp = at('node_modules', '.shunt-installed');
const isInstalled = () => existsSync(installStamp) && readFileSync(installStamp, 'utf8') === lockHash();

/** Installs the locked packages unless they are there. */
export function ensureInstalled() {
  if (isInstalled()) return;
  alone(() => {
    if (isInstalled()) return;
    console.log('installing packages, about a minute the first time');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], false);
    writeFileSync(installStamp, lockHash());
  });
}

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

/** A digest of every source file, so that a changed, added or removed one asks for a build. */
function sourceHash() {
  const hash = createHash('sha256');
  for (const file of ['.swcrc', 'nest-cli.json', 'package-lock.json']) hash.update(readFileSync(at(file)));
  for (const folder of sourceRoots) {
    for (const file of [...filesIn(at(folder))].sort()) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const buildStamp = at('dist', '.shunt-built');

/** Builds the apps unless the last build is of these sources. */
export function ensureBuilt() {
  const isBuilt = () => existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === sourceHash();
  if (isBuilt()) return;
  alone(() => {
    if (isBuilt()) return;
    console.log('building');
    const wanted = sourceHash();
    rmSync(buildStamp, { force: true });
    run(process.execPath, [at('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build', '--all'], true);
    writeFileSync(buildStamp, wanted);
  });
}
