import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Picks where an unpacked program is kept between runs: in the project, so that deleting the project deletes it; in
 * the user's cache directory when the project is read-only.
 *
 * @param from a folder of the project
 * @throws the file system's error when neither can be written
 */
export function chooseCacheDir(environment: NodeJS.ProcessEnv, program = 'redis', from = import.meta.dirname): string {
  const project = findProjectRoot(from);
  if (project !== null) {
    const inProject = join(project, 'node_modules', '.cache', 'shunt', program);
    if (isWritable(inProject)) {
      return inProject;
    }
  }
  const ofUser = join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shunt', program);
  mkdirSync(ofUser, { recursive: true });
  return ofUser;
}

/** The folder that has the lock file: the build has a manifest too, that of the package. */
function findProjectRoot(from: string): string | null {
  if (existsSync(join(from, 'package-lock.json'))) {
    return from;
  }
  const parent = dirname(from);
  return parent === from ? null : findProjectRoot(parent);
}

/** Tries it: access(2) tells nothing about read-only mounts and quotas. */
function isWritable(directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true });
    rmSync(mkdtempSync(join(directory, '.probe-')), { recursive: true });
    return true;
  } catch {
    return false; // Read-only, which is what was asked.
  }
}
