import { alertStatuses, checkup, readPoolConfig, redisTimeMs, workersOf } from '@shunt/lanes';
import { inspectRedis } from '@shunt/redis-server';
import type { Command } from 'commander';
import { type OutputOptions, tell, withOutput } from '../output.js';
import { withRedis } from '../pool-command.js';
import { textTable } from '../text-table.js';
import { diagnose, type Finding, type Symptoms } from './diagnose.js';

/** Adds `doctor`. */
export function addDoctor(command: Command): void {
  withOutput(command).action(doctor);
}

async function doctor(options: OutputOptions): Promise<void> {
  const findings = diagnose(await symptoms(options));
  tell(findings, options, () => tableOf(findings));
  if (findings.some(({ verdict }) => verdict === 'bad')) process.exitCode = 1;
}

async function symptoms(options: OutputOptions): Promise<Symptoms> {
  return withRedis(options, async (redis, keys) => {
    const before = Date.now();
    const redisMs = await redisTimeMs(redis);
    const clockAheadMs = redisMs - (before + Date.now()) / 2;
    const [info, found, workers, { version }, alerts, queuePaused, pausedAgents] = await Promise.all([
      redis.info(),
      checkup(redis, keys),
      workersOf(redis, keys),
      readPoolConfig(redis, keys),
      alertStatuses(redis, keys),
      redis.hexists(keys.of('meta'), 'paused'),
      redis.zrange(keys.of('paused'), '0', '-1'),
    ]);
    return {
      redis: inspectRedis(info),
      maxmemoryBytes: numberIn(info, /^maxmemory:(\d+)/m),
      usedBytes: numberIn(info, /^used_memory:(\d+)/m),
      nowMs: redisMs,
      clockAheadMs,
      isPaused: queuePaused === 1,
      pausedAgents,
      checkup: found,
      workers,
      configVersion: version,
      alerts,
    };
  });
}

/** The number that INFO has where a pattern catches it; null where it does not say. */
function numberIn(info: string, pattern: RegExp): number | null {
  const digits = pattern.exec(info)?.[1];
  return digits === undefined ? null : Number(digits);
}

function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map(({ check, verdict, text, fix }) => [verdict, check, text, fix]);
  return textTable(['', 'check', 'found', 'fix'], rows);
}
