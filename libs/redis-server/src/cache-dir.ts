import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Picks where an unpacked program is kept between runs: in the project, so that deleting the project deletes it; in
 * the user's cache directory when the project is read-only.
 *
 * @throws the file system's error when neither can be written
 */
export function chooseCacheDir(environment: NodeJS.ProcessEnv, program = 'redis'): string {
  const project = findProjectRoot(import.meta.dirname);
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

function findProjectRoot(from: string): string | null {
  if (existsSync(join(from, 'package.json'))) {
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
