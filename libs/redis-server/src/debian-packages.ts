import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Apt, createApt } from './apt.js';
import { findProgram, type Search } from './native-binary.js';

const run = promisify(execFile);

/** A program of the distribution, and what it takes to run it. */
export interface DebianProgram {
  /** For people: `Redis`. */
  readonly title: string;
  /** What is downloaded, for people: `3 MB`. */
  readonly size: string;
  readonly packages: readonly string[];
  /** Names of one more package in different releases, the first that exists is taken. Defaults to none. */
  readonly oneOf?: readonly string[];
  /** Whether what they depend on is unpacked as well, as far as this system lacks it. Defaults to false. */
  readonly needsMore?: boolean;
  /** Tries the unpacked program; rejects when it cannot run. */
  readonly check: (root: string) => Promise<unknown>;
}

/**
 * Gets packages of the distribution without root: downloads and unpacks them into the cache. Resolves to the folder they are in, as if it
 * were the root.
 *
 * Seconds the first time, nothing after that. Two processes may do it at once: each works in a directory of its own, and the
 * first to finish gives its work the final name in one rename.
 */
export async function unpackPackages(
  program: DebianProgram,
  cacheDir: string,
  environment: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<Search<string>> {
  const missing = ['apt-get', 'dpkg-deb'].find((name) => findProgram(name, environment) === null);
  if (missing !== undefined) {
    return { kind: 'none', reason: `not a Debian or Ubuntu (no ${missing})` };
  }
  const finished = join(cacheDir, `${readRelease()}-${process.arch}`);
  if (!existsSync(finished)) {
    const workDir = join(cacheDir, `.work-${process.pid}-${Date.now()}`);
    mkdirSync(workDir, { recursive: true });
    try {
      const { title, size } = program;
      log(`no ${title} installed: downloading the one of this Linux distribution (${size}, no root needed)`);
      const root = await downloadAndUnpack(program, workDir, environment);
      await program.check(root);
      publish(root, finished);
      log(`unpacked ${title} into ${finished}`);
    } catch (error) {
      return { kind: 'none', reason: `the distribution's package could not be used: ${lastLine(error)}` };
    } finally {
      rmSync(workDir, { recursive: true, force: true });
    }
  }
  return { kind: 'found', value: finished };
}

async function downloadAndUnpack(
  program: DebianProgram,
  workDir: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const debs = join(workDir, 'debs');
  const root = join(workDir, 'root');
  mkdirSync(debs);
  const apt = createApt(workDir, environment);
  try {
    await downloadAll(program, apt, debs);
  } catch {
    // The system has no package lists, as in a container image, or so old ones that the files are gone.
    await apt.update();
    await downloadAll(program, apt, debs);
  }
  for (const deb of readdirSync(debs).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', join(debs, deb), root], { env: environment });
  }
  return root;
}

async function downloadAll(program: DebianProgram, apt: Apt, into: string): Promise<void> {
  const { packages, oneOf = [], needsMore = false } = program;
  await (needsMore ? apt.downloadMissing(packages, into) : apt.download(packages, into));
  const [first, ...others] = oneOf;
  if (first === undefined) return;
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
