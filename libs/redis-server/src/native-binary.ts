import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A redis-server that can be run here. */
export interface NativeBinary {
  readonly path: string;
  /** For LD_LIBRARY_PATH, when its libraries are not the system's. */
  readonly libraryPath?: string;
}

/** A search that ended with a value, or with what to tell the person who waits for it. */
export type Search<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'none'; readonly reason: string };

/** Redis before Valkey: its INFO says which Redis it is, without translation. */
const names = ['redis-server', 'valkey-server'] as const;

/**
 * Looks for an installed server: the file that SHUNT_REDIS_SERVER names, else one on PATH.
 *
 * A file that is named and cannot be run is not looked past: someone wanted that one.
 * Windows has none that we could guard (guard.ts), so it always gets the wasm server.
 */
export function findInstalled(environment: NodeJS.ProcessEnv): Search<NativeBinary> {
  const named = environment.SHUNT_REDIS_SERVER;
  if (named) {
    return isExecutable(named)
      ? { kind: 'found', value: { path: named } }
      : { kind: 'none', reason: `SHUNT_REDIS_SERVER names ${named}, which is not a program` };
  }
  for (const name of names) {
    const path = findProgram(name, environment);
    if (path !== null) {
      return { kind: 'found', value: { path } };
    }
  }
  return { kind: 'none', reason: `no ${names.join(' or ')} on PATH` };
}

/** Finds a program on PATH; null when there is none. */
export function findProgram(name: string, environment: NodeJS.ProcessEnv): string | null {
  if (process.platform === 'win32') {
    return null;
  }
  const directories = (environment.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  return directories.map((directory) => join(directory, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // Missing or not ours to run, which is what was asked.
  }
}
