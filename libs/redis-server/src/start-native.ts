import { spawn } from 'node:child_process';
import { claimDataDir } from './data-dir.js';
import { guardChild } from './guard.js';
import { keepLastOutput } from './last-output.js';
import type { NativeBinary } from './native-binary.js';
import { hasExited, ownChild } from './owned-child.js';
import type { EnsureRedisOptions, RedisServer } from './redis-server.js';
import { RedisStartError } from './redis-start-error.js';
import { waitUntilReady } from './wait-until-ready.js';
import { type PortAttempt, withPort } from './with-port.js';

/**
 * Starts a native server on a data directory of its own and waits until it answers.
 *
 * @param findPort where free ports come from. Defaults to asking the kernel.
 * @throws RedisStartError with the server's own last words when it does not come up
 */
export async function startNative(
  binary: NativeBinary,
  options: EnsureRedisOptions,
  findPort?: () => Promise<number>,
): Promise<RedisServer> {
  return withPort(options.port, (port) => startOn(port, binary, options), findPort);
}

async function startOn(
  port: number,
  binary: NativeBinary,
  options: EnsureRedisOptions,
): Promise<PortAttempt<RedisServer>> {
  const dataDir = await claimDataDir(options.dataDir, options.log ?? (() => {}));
  const isDurable = options.durable ?? true;
  // detached: in a session of its own, Ctrl-C reaches us first and we end Redis last.
  const child = spawn(binary.path, toArguments(port, dataDir.path, isDurable, options.args ?? []), {
    cwd: dataDir.path,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...(binary.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: binary.libraryPath }) },
  });
  const lastOutput = keepLastOutput(child);
  if (child.pid === undefined) {
    dataDir.release();
    const cause = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new RedisStartError(`${binary.path} cannot be run: ${cause.message}`, { cause });
  }
  const dismissGuard = guardChild(child);
  const owned = ownChild(child, () => {
    dismissGuard();
    dataDir.release();
  });
  dataDir.recordServer(child.pid);

  const url = `redis://127.0.0.1:${port}`;
  const pid = child.pid;
  const ready = await waitUntilReady(url, pid, () => hasExited(child));
  if (ready.kind === 'ready') {
    const { version } = ready;
    const { path } = dataDir;
    return {
      kind: 'started',
      value: { url, host: '127.0.0.1', port, kind: 'native', version, isDurable, pid, dataDir: path, ...owned },
    };
  }
  await owned.stop();
  if (lastOutput().includes('Address already in use')) {
    return { kind: 'port-taken' };
  }
  throw new RedisStartError(`${binary.path} did not come up (${ready.reason}):\n${lastOutput()}`);
}

/**
 * `everysec` and not `always`: an acknowledged write survives the death of the process at once, but for two seconds of them
 * while the disk is slow, and a power cut but for the last second, at a tenth of the cost. RDB snapshots are off, for they fork and add nothing to an AOF.
 */
function toArguments(port: number, dir: string, isDurable: boolean, more: readonly string[]): string[] {
  const fixed = { port: String(port), bind: '127.0.0.1', dir, save: '', 'maxmemory-policy': 'noeviction' };
  const aof = { appendonly: isDurable ? 'yes' : 'no', appendfsync: 'everysec' };
  return [...Object.entries({ ...fixed, ...aof }).flatMap(([name, value]) => [`--${name}`, value]), ...more];
}
