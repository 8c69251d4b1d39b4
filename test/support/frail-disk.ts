import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { RedisOfTest } from './e2e/redis-of-test.js';
import { redisProgram } from './redis-program.js';

/**
 * A durable Redis whose disk can be full: a limit on the size of its files makes the write of its AOF fail, as no space does.
 * The kernel would end it by SIGXFSZ, so it is started with that ignored.
 */
export async function redisOnFrailDisk(): Promise<RedisOfTest> {
  const { path, variables } = await redisProgram();
  const settings = Object.entries(variables).map(([name, value]) => `${name}='${value}' `);
  const folder = mkdtempSync(join(tmpdir(), 'shunt-frail-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'redis-server');
  writeFileSync(program, `#!/bin/sh\ntrap '' XFSZ\n${settings.join('')}exec '${path}' "$@"\n`, { mode: 0o755 });
  const redis = new RedisOfTest({ environment: { ...process.env, SHUNT_REDIS_SERVER: program } });
  await redis.up();
  return redis;
}

/** Has no byte more fit into the AOF. */
export function fillDisk({ running }: RedisOfTest): void {
  const folder = join(running.dataDir ?? '', 'appendonlydir');
  const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size);
  limit(running.pid, Math.max(...sizes));
}

/** Has everything fit again. */
export function freeDisk({ running }: RedisOfTest): void {
  limit(running.pid, 'unlimited');
}

function limit(pid: number | undefined, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}
