import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRedis } from './redis.js';
import { redisProgram } from './redis-program.js';

/**
 * Writes a program that starts a Redis whose disk can be full: a limit on the size of its files makes the write of its AOF fail, as
 * no space does. The kernel would end it by SIGXFSZ, so it is started with that ignored. Resolves to the program's path.
 */
export async function writeFrailProgram(program: string): Promise<string> {
  const { path, variables } = await redisProgram();
  const settings = Object.entries(variables).map(([name, value]) => `${name}='${value}' `);
  writeFileSync(program, `#!/bin/sh\ntrap '' XFSZ\n${settings.join('')}exec '${path}' "$@"\n`, { mode: 0o755 });
  return program;
}

/** Has no byte more fit into the AOF. */
export function fillDisk({ running }: { running: TestRedis }): void {
  const folder = join(running.dataDir ?? '', 'appendonlydir');
  const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size);
  limit(running.pid, Math.max(...sizes));
}

/** Has everything fit again. */
export function freeDisk({ running }: { running: TestRedis }): void {
  limit(running.pid, 'unlimited');
}

function limit(pid: number | undefined, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}
