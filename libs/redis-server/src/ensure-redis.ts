import { connectExternal } from './connect-external.js';
import { findNative } from './find-native.js';
import type { EnsureRedisOptions, RedisServer } from './redis-server.js';
import { RedisStartError } from './redis-start-error.js';
import { startNative } from './start-native.js';
import { startWasm } from './start-wasm.js';

/**
 * Brings up a Redis for the demo, the tests and the bench, the best that is to be had here:
 *
 * 1. the one that SHUNT_REDIS_URL names;
 * 2. the program that SHUNT_REDIS_SERVER names, else redis-server or valkey-server on PATH;
 * 3. on Debian and Ubuntu the distribution's own, downloaded and unpacked without root;
 * 4. Valkey as WebAssembly, which runs anywhere Node does but keeps nothing on disk.
 *
 * @throws RedisStartError with what was tried and the one command to run
 */
export async function ensureRedis(options: EnsureRedisOptions = {}): Promise<RedisServer> {
  const environment = options.environment ?? process.env;
  const log = options.log ?? (() => {});
  const url = options.ignoreEnvironment ? undefined : environment.SHUNT_REDIS_URL;
  if (url) {
    return connectExternal(url);
  }
  const native = await findNative(environment, log, options.cacheDir);
  if (native.kind === 'found') {
    return startNative(native.value, options);
  }
  if (options.requireNative) {
    throw nothingToRun(`${native.reason}; the wasm server does not do here`);
  }
  log(`${native.reason}: starting Valkey as WebAssembly, which is NOT durable: its data ends with this process`);
  try {
    return await startWasm(options);
  } catch (error) {
    throw nothingToRun(`${native.reason}; ${(error as Error).message}`, error);
  }
}

function nothingToRun(tried: string, cause?: unknown): RedisStartError {
  const command = process.platform === 'darwin' ? 'brew install redis' : 'sudo apt-get install redis-server';
  return new RedisStartError(
    `There is no Redis to start: ${tried}. Run "${command}", or set SHUNT_REDIS_URL to a Redis that runs.`,
    { cause },
  );
}
