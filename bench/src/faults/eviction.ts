import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs } from '../clock.js';
import type { TrialRun } from '../trials/trial.js';
import type { Start } from './crew.js';
import { FaultPool, until } from './pool.js';
import { testProfile } from './profile.js';
import { beginLog, endLog } from './slow-log.js';

/** Tasks per second of the live agents. */
export const ratePerSecond = 500;
/** Number of agents with live tasks. */
export const liveAgents = 200;
/** A lease that a stall of a busy machine does not end: a live worker that lost its own would have its tasks run again. */
const profile = { ...testProfile, leaseMs: 5000 };
const liveWorkers = ['live1', 'live2'];
/**
 * What tasks require, so that others take the evicted ones than the workers of the live traffic: in the slots of those they would have it
 * wait as long as they run, and that is what would be measured.
 */
const bulkLabels = { of: 'bulk' };
const liveLabels = { of: 'live' };
/** Strict, so that no idle worker takes them before. */
const bulk = { affinity: 'strict', labels: bulkLabels } as const;
/** How long an evicted task runs: so that what is measured is not how fast two cores run 10,000 tasks that do nothing. */
export const bulkMs = 100;
/** Slots of the worker that takes them. */
export const spareSlots = 200;

/** What one eviction tells. */
export interface Eviction {
  /** Execution time of all of its script calls, and of the longest script call of anyone until all evicted tasks have run. */
  readonly redisMs: number;
  readonly longestMs: number;
  /** Milliseconds from enqueue to start of live tasks enqueued a second before, while it went on, and then until all had run. */
  readonly before: readonly number[];
  readonly during: readonly number[];
  readonly after: readonly number[];
  /** Evicted tasks that were in two lists, or did not start exactly once elsewhere. */
  readonly misplaced: number;
}

/** Fills the lane of worker `full` with the current tasks of as many agents. */
async function fillLane(pool: FaultPool, agents: number): Promise<void> {
  const each = (runMs: number) =>
    Promise.all(Array.from({ length: agents }, (_, n) => pool.enqueue(`bulk${n}`, bulk, runMs)));
  await pool.worker('full', 50, 'pass', bulkLabels);
  await each(0);
  await pool.crew.untilStarted(agents);
  await until(async () => (await pool.redis.hlen(pool.keys.lane('full', 'slots'))) === 0);
  pool.crew.behave('full', 'hold');
  await each(bulkMs);
  await until(async () => (await pool.redis.hlen(pool.keys.lane('full', 'slots'))) === 50);
}

/** Offers tasks of the live agents until stopped. */
function offerLive(pool: FaultPool): { stop: () => void } {
  let sent = 0;
  const startUs = nowUs();
  const timer = setInterval(() => {
    for (const due = ((nowUs() - startUs) / 1e6) * ratePerSecond; sent < due; sent++) {
      void pool.enqueue(`live${sent % liveAgents}`, { labels: liveLabels });
    }
  }, 2);
  return { stop: () => clearInterval(timer) };
}

/** The evicted tasks' yard, and all in lanes and slots, of one instant; one that is in two of them is there twice. */
async function listed(pool: FaultPool): Promise<string[]> {
  const { redis, keys } = pool;
  const look = redis.multi().zrange(keys.yard('of=bulk'), '0', '-1');
  for (const worker of ['full', 'spare', ...liveWorkers]) {
    look.zrange(keys.lane(worker, 'prioritized'), '0', '-1').hvals(keys.lane(worker, 'slots'));
  }
  return ((await look.exec()) ?? []).flatMap(([, ids]) => ids as string[]);
}

const isBulk = (task: string) => task.startsWith('bulk');

/** How many evicted tasks were in two lists, or did not start exactly once elsewhere. */
function misplaced(listedTasks: readonly string[], again: readonly Start[], agents: number): number {
  const ids = listedTasks.filter(isBulk);
  const twice = ids.length - new Set(ids).size;
  const started = new Set(again.map(({ task }) => task)).size;
  return twice + (agents - started) + (again.length - started);
}

const isLive = ({ worker }: Start) => liveWorkers.includes(worker);
const isAgain = ({ worker }: Start) => worker === 'spare';

/** Kills worker `full`, and waits for what follows. Resolves to when, and when its lane began to be emptied, was, and all had started. */
async function killFull(pool: FaultPool, agents: number) {
  const { crew, redis, keys } = pool;
  const lane = keys.lane('full', 'prioritized');
  const waiting = await redis.zcard(lane);
  const killedUs = crew.signal('full', 'SIGKILL');
  await until(async () => (await redis.zcard(lane)) < waiting);
  const beganUs = nowUs();
  await until(async () => (await redis.hexists(keys.of('incarnations'), 'full')) === 0);
  const evictedUs = nowUs();
  const tasks = await listed(pool);
  await crew.untilStarted(agents, isAgain);
  return { killedUs, beganUs, evictedUs, endUs: nowUs(), tasks };
}

/** Kills a worker with a long lane beside workers that go on. */
export async function evictOnce(run: TrialRun, round: number): Promise<Eviction> {
  const pool = new FaultPool(run, `evict-${round}`, profile);
  const { crew, redis } = pool;
  const agents = Math.round(10_000 * run.size);
  await pool.dispatcher('d1');
  await fillLane(pool, agents);
  await Promise.all([
    ...liveWorkers.map((id) => pool.worker(id, 50, 'pass', liveLabels)),
    pool.worker('spare', spareSlots, 'pass', bulkLabels),
  ]);
  const live = offerLive(pool);
  await crew.untilStarted(2 * ratePerSecond, isLive);
  await beginLog(redis);
  const { killedUs, beganUs, evictedUs, endUs, tasks } = await killFull(pool, agents);
  // So that the last live tasks are told as well.
  await sleep(100);
  live.stop();
  const scripts = (await endLog(redis)).filter(({ words }) => /^fcall$/i.test(words[0] ?? ''));
  await pool.end();
  const pickUps = (fromUs: number, toUs: number) =>
    crew.starts
      .filter(({ task, enqueuedUs }) => task.startsWith('live') && enqueuedUs >= fromUs && enqueuedUs < toUs)
      .map(({ enqueuedUs, startedUs }) => (startedUs - enqueuedUs) / 1000);
  const evictions = scripts.filter(({ words }) => words[1]?.endsWith('_evict'));
  return {
    redisMs: evictions.reduce((sum, { ms }) => sum + ms, 0),
    longestMs: Math.max(...scripts.map(({ ms }) => ms)),
    before: pickUps(killedUs - 1e6, killedUs),
    during: pickUps(beganUs, evictedUs),
    after: pickUps(evictedUs, endUs),
    misplaced: misplaced(tasks, crew.starts.filter(isAgain), agents),
  };
}
