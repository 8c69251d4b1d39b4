import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A slow mirror needs seconds; a missing network is told within a minute. */
const aptTimeoutMs = 120_000;
const networkOptions = [
  '-o',
  'Acquire::Retries=1',
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::https::Timeout=20',
];

/** apt-get as an ordinary user: caches of its own, no locks, no switch to another user. */
export interface Apt {
  /** Downloads packages into `into`; rejects with apt's words when one is unknown or out of reach. */
  download(packages: readonly string[], into: string): Promise<void>;
  /** The same with all they depend on that this system lacks. */
  downloadMissing(packages: readonly string[], into: string): Promise<void>;
  /** Fetches package lists into a directory of its own, used from then on. For a system without any, or with old ones. */
  update(): Promise<void>;
}

/** @param workDir an existing directory for apt's own files; 40 MB after `update`, to be deleted by the caller */
export function createApt(workDir: string, environment: NodeJS.ProcessEnv): Apt {
  const cache = join(workDir, 'apt-cache');
  const lists = join(workDir, 'apt-lists');
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
  const base = ['-qq', '-o', `Dir::Cache=${cache}`, '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=root'];
  let own: string[] = [];
  const apt = async (args: readonly string[], cwd: string) => {
    const env = { ...environment, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', [...base, ...own, ...networkOptions, ...args], { cwd, env, timeout: aptTimeoutMs });
  };
  return {
    download: (packages, into) => apt(['download', ...packages], into),
    downloadMissing: (packages, into) => {
      mkdirSync(join(into, 'partial'), { recursive: true });
      const how = ['--yes', '--no-install-recommends', '--download-only', '-o', `Dir::Cache::archives=${into}`];
      return apt(['install', ...how, ...packages], into);
    },
    update: () => {
      mkdirSync(join(lists, 'partial'), { recursive: true });
      own = ['-o', `Dir::State::Lists=${lists}`];
      return apt(['update'], workDir);
    },
  };
}
