import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { identify, type ProcessIdentity } from './process-identity.js';

/** Runs the library from its sources in a process that can be killed, and has it print the servers' process ids. */
const program = `
import { runnerImport } from 'vite';
const { module } = await runnerImport(${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))});
const server = await module.ensureRedis({ requireNative: true, ignoreEnvironment: true });
console.log(JSON.stringify({ pid: server.pid }));
setInterval(() => {}, 1000);
`;

async function startParent(): Promise<{ kill(signal: NodeJS.Signals): boolean; server: ProcessIdentity | null }> {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(parent.stdout), 'line');
  return { kill: (signal) => parent.kill(signal), server: identify(JSON.parse(line).pid) };
}

it.each(['SIGKILL', 'SIGINT'] as const)('ends the server once its parent is dead by %s', async (signal) => {
  const { kill, server } = await startParent();
  expect(server).not.toBeNull();
  kill(signal);
  await expect.poll(() => identify(server?.pid ?? 0), { timeout: 60_000, interval: 20 }).toBeNull();
});
