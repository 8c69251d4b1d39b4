import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPatientRedis } from '@shunt/lanes';
import { ensureRedis, type RedisServer } from '@shunt/redis-server';
import { nowUs } from '../clock.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { FaultPool } from './pool.js';
import { defaultProfile } from './profile.js';

const workers = 3;
const slots = 4;
/** Longer than a lease, so that every worker has fenced itself and comes back as a new life. */
const goneMs = 1.2 * defaultProfile.leaseMs;
/** More work than is done until the last round. */
const backlog = { agents: 60, each: 40, runMs: 500 };
const ownNative = { requireNative: true, ignoreEnvironment: true } as const;

/** A durable Redis of one's own that can go and come back at the same address. */
class MortalRedis {
  private constructor(
    private readonly dataDir: string,
    private server: RedisServer,
  ) {}

  static async start(): Promise<MortalRedis> {
    const dataDir = mkdtempSync(join(tmpdir(), 'shunt-mortal-redis-'));
    return new MortalRedis(dataDir, await ensureRedis({ ...ownNative, dataDir }));
  }

  get url(): string {
    return this.server.url;
  }

  /** Kills it and brings it back after `ms`. Resolves to when it answered again, in us. */
  async go(ms: number): Promise<number> {
    const { dataDir, server } = this;
    server.kill('SIGKILL');
    await server.exited;
    await sleep(ms);
    this.server = await ensureRedis({ ...ownNative, dataDir, port: server.port });
    return nowUs();
  }

  async end(): Promise<void> {
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Kills Redis under load again and again. Resolves to how long after its return work and enqueues went on, in seconds. */
async function killRedis(run: TrialRun): Promise<{ starts: number[]; enqueues: number[] }> {
  const mortal = await MortalRedis.start();
  const redis = openPatientRedis(mortal.url).on('error', () => undefined);
  const pool = new FaultPool({ ...run, redis, redisUrl: mortal.url }, 'redis-gone', defaultProfile);
  await pool.dispatcher('d1');
  await Promise.all(Array.from({ length: workers }, (_, n) => pool.worker(`w${n + 1}`, slots, 'pass')));
  const tasks = Array.from({ length: backlog.agents * backlog.each }, (_, n) => `a${n % backlog.agents}`);
  await Promise.all(tasks.map((agent) => pool.enqueue(agent, {}, backlog.runMs)));
  const starts: number[] = [];
  const enqueues: number[] = [];
  for (let round = 0; round < run.rounds; round++) {
    await pool.crew.untilStarted(pool.crew.starts.length + 2 * workers * slots);
    const back = mortal.go(goneMs);
    // Called while Redis is gone: it waits for it.
    const enqueued = sleep(goneMs / 2).then(() => pool.enqueue('late'));
    const backUs = await back;
    await pool.crew.untilStarted(1, ({ startedUs }) => startedUs > backUs);
    const first = Math.min(...pool.crew.starts.map(({ startedUs }) => startedUs).filter((at) => at > backUs));
    starts.push((first - backUs) / 1e6);
    await enqueued;
    enqueues.push(Math.max(0, nowUs() - backUs) / 1e6);
    run.onRound();
  }
  await pool.end();
  redis.disconnect();
  await mortal.end();
  return { starts, enqueues };
}

/** Redis killed for longer than a lease. */
export const redisGone: Trial = {
  name: 'redis',
  about: `Redis killed (SIGKILL) for ${goneMs / 1000} s and started again with its AOF, defaults, ${workers} workers x ${slots} slots with a backlog`,
  isAlone: false,
  async run(run) {
    const { starts, enqueues } = await killRedis(run);
    return [
      { what: 'first start after Redis is back', unit: 's', values: starts, judged: 'max', bar: 5 },
      { what: 'enqueue that waited answered after Redis is back', unit: 's', values: enqueues, judged: 'max', bar: 5 },
    ];
  },
};
