import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ensureRedis } from '@shunt/redis-server';
import { orStopped, stopping } from './stopping.js';

const dataDir = fileURLToPath(new URL('../../../../.shunt/redis-own', import.meta.url));

/** Runs a Redis to try things out with until it is told to end. Resolves to whether it ended because of that. */
export async function runRedis({ port }: { port: number }): Promise<boolean> {
  const signal = stopping();
  const server = await orStopped(signal, ensureRedis({ dataDir, port, ignoreEnvironment: true, log: console.log }));
  if (!server) return true;
  const durability = server.isDurable ? `durable (AOF) in ${dataDir}` : 'not durable';
  console.log(`Redis ${server.version} at ${server.url}, ${durability}; Ctrl C ends it`);
  // Neither the server nor a signal to come keeps this process running.
  const alive = setInterval(() => undefined, 60_000);
  const toldTo = signal.aborted || once(signal, 'abort').then(() => true);
  const isTold = await Promise.race([toldTo, server.exited.then(() => false)]);
  clearInterval(alive);
  await server.stop();
  return isTold;
}
