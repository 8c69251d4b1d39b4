import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Apt, createApt } from './apt.js';
import { findProgram, type NativeBinary, type Search } from './native-binary.js';

const run = promisify(execFile);

/** The server, and the libraries that a minimal system lacks. Its other libraries are in every Debian. */
const packages = ['redis-server', 'redis-tools', 'libatomic1', 'liblzf1', 'libjemalloc2'];
/** Names of OpenSSL 3's library: Debian 12 and Ubuntu 22.04; later ones, where time_t has 64 bits. */
const sslPackages = ['libssl3', 'libssl3t64'];

/**
 * Gets the distribution's own redis-server without root: downloads its packages and unpacks them into the cache.
 *
 * 3.3 MB and about 5 s the first time, nothing after that. Two processes may do it at once: each works in a
 * directory of its own, and the first to finish gives its work the final name in one rename.
 */
export async function unpackDebian(
  cacheDir: string,
  environment: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<Search<NativeBinary>> {
  const missing = ['apt-get', 'dpkg-deb'].find((program) => findProgram(program, environment) === null);
  if (missing !== undefined) {
    return { kind: 'none', reason: `not a Debian or Ubuntu (no ${missing})` };
  }
  const finished = join(cacheDir, `${readRelease()}-${process.arch}`);
  if (!existsSync(finished)) {
    const workDir = join(cacheDir, `.work-${process.pid}-${Date.now()}`);
    mkdirSync(workDir, { recursive: true });
    try {
      log('no Redis installed: downloading the one of this Linux distribution (3 MB, no root needed)');
      const root = await downloadAndUnpack(workDir, environment);
      await run(toBinary(root).path, ['--version'], { env: { LD_LIBRARY_PATH: toBinary(root).libraryPath } });
      publish(root, finished);
      log(`unpacked Redis into ${finished}`);
    } catch (error) {
      return { kind: 'none', reason: `the distribution's package could not be used: ${lastLine(error)}` };
    } finally {
      rmSync(workDir, { recursive: true, force: true });
    }
  }
  return { kind: 'found', value: toBinary(finished) };
}

async function downloadAndUnpack(workDir: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const debs = join(workDir, 'debs');
  const root = join(workDir, 'root');
  mkdirSync(debs);
  const apt = createApt(workDir, environment);
  try {
    await downloadAll(apt, debs);
  } catch {
    // The system has no package lists, as in a container image, or so old ones that the files are gone.
    await apt.update();
    await downloadAll(apt, debs);
  }
  for (const deb of readdirSync(debs).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', join(debs, deb), root], { env: environment });
  }
  return root;
}

async function downloadAll(apt: Apt, into: string): Promise<void> {
  await apt.download(packages, into);
  const [first = '', ...others] = sslPackages;
  await others.reduce((attempt, name) => attempt.catch(() => apt.download([name], into)), apt.download([first], into));
}

function publish(root: string, finished: string): void {
  try {
    renameSync(root, finished);
  } catch (error) {
    if (!existsSync(finished)) {
      throw error;
    }
    // Another process was first, with the same packages.
  }
}

/** Libraries lie in `lib/<triplet>` and `usr/lib/<triplet>`; the triplet is the machine's. */
function toBinary(root: string): Required<NativeBinary> {
  const directories = ['usr/lib', 'lib']
    .map((directory) => join(root, directory))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) => readdirSync(directory).map((name) => join(directory, name)))
    .filter((directory) => directory.includes('-linux-'));
  return { path: join(root, 'usr/bin/redis-server'), libraryPath: directories.join(':') };
}

/** For example `debian-12`, so that an upgrade of the system does not run the old one's program. */
function readRelease(): string {
  const file = '/etc/os-release';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const field = (name: string) => new RegExp(`^${name}="?([\\w.-]+)"?$`, 'm').exec(text)?.[1] ?? 'unknown';
  return `${field('ID')}-${field('VERSION_ID')}`;
}

function lastLine(error: unknown): string {
  const text = (error as { stderr?: string }).stderr || String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
