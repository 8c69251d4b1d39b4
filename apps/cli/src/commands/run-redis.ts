import { once } from 'node:events';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ensureRedis } from '@shunt/redis-server';
import type { Command } from 'commander';
import { wholeNumber } from '../numbers.js';
import { orStopped, stopping } from '../stopping.js';

const dataDir = fileURLToPath(new URL('../../../../../.shunt/redis-own', import.meta.url));

/** Half of the machine: a Redis without a limit refuses nothing before the machine is full. */
const limits = ['--maxmemory', String(Math.floor(totalmem() / 2))];

/** Adds `redis`. */
export function addRedis(command: Command): void {
  command
    .option('--port <n>', 'where it listens, on loopback', wholeNumber(1, 65_535), 6379)
    .action(async (options) => process.exit((await runRedis(options)) ? 0 : 1));
}

/** Runs a Redis to try things out with until it is told to end. Resolves to whether it ended because of that. */
async function runRedis({ port }: { port: number }): Promise<boolean> {
  const signal = stopping();
  const options = { dataDir, port, args: limits, ignoreEnvironment: true, log: console.log };
  const server = await orStopped(signal, ensureRedis(options));
  if (!server) return true;
  const durability = server.isDurable ? `durable (AOF) in ${dataDir}` : 'not durable';
  console.log(`Redis ${server.version} at ${server.url}, ${durability}; Ctrl C ends it`);
  // Neither the server nor a signal to come keeps this process running.
  const alive = setInterval(() => undefined, 60_000);
  const toldTo = signal.aborted || once(signal, 'abort').then(() => true);
  const isTold = await Promise.race([toldTo, server.exited.then(() => false)]);
  clearInterval(alive);
  if (!isTold) console.error(`the Redis at ${server.host}:${server.port} ended by itself`);
  await server.stop();
  return isTold;
}
