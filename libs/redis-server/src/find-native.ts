import { chooseCacheDir } from './cache-dir.js';
import { findInstalled, type NativeBinary, type Search } from './native-binary.js';
import { unpackDebian } from './unpack-debian.js';

/**
 * Finds a native server to run: an installed one, else the Linux distribution's, unpacked without root.
 *
 * @param cacheDir where the unpacked one is kept. Defaults to the project's cache, see cache-dir.ts.
 */
export async function findNative(
  environment: NodeJS.ProcessEnv,
  log: (line: string) => void,
  cacheDir?: string,
): Promise<Search<NativeBinary>> {
  const installed = findInstalled(environment);
  if (installed.kind === 'found' || environment.SHUNT_REDIS_SERVER) {
    return installed;
  }
  const unpacked = await unpackDebian(cacheDir ?? chooseCacheDir(environment), environment, log);
  return unpacked.kind === 'found' ? unpacked : { kind: 'none', reason: `${installed.reason}; ${unpacked.reason}` };
}
