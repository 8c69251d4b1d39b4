// What every command needs first: installed packages and a fresh build. Only Node's own modules, as nothing may be installed.
import './node-version.mjs';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone } from './alone.mjs';
import { isInstalledByNpm } from './installed.mjs';
import { isLinked, linkSdk } from './sdk-package.mjs';
import { runStep } from './step.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);
const lock = at('.shunt', 'prepare.lock');
const installStamp = at('node_modules', '.shunt-installed');
const buildStamp = at('dist', '.shunt-built');
const configFiles = ['.swcrc', 'nest-cli.json', 'package-lock.json'];
const sourceRoots = ['apps', 'libs', 'bench', 'test/simulation', 'test/support'];

/** Installs the locked packages and builds the apps, unless both are done. Of several copies at once, one does it. */
export async function prepare() {
  if (isReady()) return;
  const onWait = (pid) => console.log(`waiting for process ${pid}, which prepares the same folder`);
  try {
    await alone(lock, installAndBuild, onWait);
  } catch (error) {
    console.error(`cannot prepare ${root}: ${error.message}`);
    process.exit(1);
  }
}

/** A step that is cut off leaves no stamp, so that the next run does it again. */
async function installAndBuild() {
  if (!isInstalled()) {
    if (!isInstalledByNpm(root)) await install();
    stamp(installStamp, lockHash());
  }
  if (!isBuilt()) await build();
  if (!isLinked(root)) linkSdk(root);
}

async function install() {
  console.log('installing packages, about a minute the first time');
  // Also where NODE_ENV says production: the build needs them.
  await runStep('npm', ['ci', '--include=dev'], { cwd: root });
}

async function build() {
  console.log('building');
  const wanted = sourceHash();
  rmSync(buildStamp, { force: true });
  const nest = at('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  await runStep(process.execPath, [nest, 'build', '--all'], { cwd: root, isQuiet: true });
  const vite = at('node_modules', 'vite', 'bin', 'vite.js');
  await runStep(process.execPath, [vite, 'build', at('apps', 'dashboard')], { cwd: root, isQuiet: true });
  stamp(buildStamp, wanted);
}

const isReady = () => isInstalled() && isBuilt() && isLinked(root);
const isInstalled = () => isStamped(installStamp, lockHash);
const isBuilt = () => isStamped(buildStamp, sourceHash);
const isStamped = (file, hashOf) => existsSync(file) && readFileSync(file, 'utf8') === hashOf();

function stamp(file, hash) {
  writeFileSync(`${file}.new`, hash);
  renameSync(`${file}.new`, file);
}

const digest = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const lockHash = () => digest(readFileSync(at('package-lock.json')));

/** A digest of every source file, so that a changed, added or removed one asks for a build. */
function sourceHash() {
  const files = sourceRoots.flatMap((folder) => [...filesIn(at(folder))].sort());
  const config = configFiles.map((file) => readFileSync(at(file)));
  return digest(...config, ...files.flatMap((file) => [file.slice(root.length), readFileSync(file)]));
}

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}
