import { type Breaker, type Fullness, fullnessKinds } from '@shunt/health';
import type { Redis } from 'ioredis';
import { type PullState, readPull } from '../dispatcher/pull-tuner.js';
import type { PoolKeys } from '../keys.js';
import { type RunTimes, runsOfTotals } from '../load/run-times.js';
import { allWaits, type WaitTimes, waitBoundsMs, waitsOfTotals } from '../load/wait-times.js';
import { readAtOnce } from '../redis/read-at-once.js';
import { type WorkerRecord, workersOf } from '../registry.js';
import { type Labels, labelsOfKey } from './labels-key.js';

/** Where tasks wait or run. */
export type QueueState = 'intake' | 'yard' | 'lane' | 'mailbox' | 'running' | 'delayed';

/** One worker with its lane. */
export interface WorkerStats extends WorkerRecord {
  readonly running: number;
  readonly waiting: number;
}

/**
 * Agents by state. `busy` and `idle`, with and without a current task, are of the leader's last look at all of them, a few seconds ago at
 * most as long as the database has fewer than 5,000 keys. `paused` ones are in neither. `held`: those whose states workers hold that
 * have a limit of them, whatever their state.
 */
export type AgentCounts = Readonly<Record<'busy' | 'idle' | 'paused' | 'held', number>>;

/** A pool at one instant, and its totals since it exists. */
export interface PoolStats {
  readonly tasks: Readonly<Record<QueueState, number>>;
  readonly workers: readonly WorkerStats[];
  /** Tasks in yards whose labels no routable worker carries: they wait for one that does, or for the end of their ttl. */
  readonly unserved: number;
  /** Tasks taken from the intake. */
  readonly enqueued: number;
  /** Tasks that were refused with POOL_FULL, by why the pool was full, whoever sent them. */
  readonly turnedAway: Readonly<Record<Fullness, number>>;
  /** Attempts that ended, as the workers' last heartbeats have it. */
  readonly completed: number;
  readonly failed: number;
  /** Attempts by which a handler had its task tried again later. */
  readonly postponed: number;
  /** Tasks that failed for good, and tasks that were cancelled. */
  readonly finishedFailed: number;
  readonly cancelled: number;
  /** Lives of workers that ended without a word: they died, or were cut off for longer than their lease. */
  readonly lost: number;
  /** Tasks that were failed as poison. */
  readonly poisoned: number;
  /** Starts on a worker that ran the agent's previous task, and other starts of agents' tasks. */
  readonly warm: number;
  readonly cold: number;
  /** Starts of tasks of no agent. */
  readonly alone: number;
  /** First starts by wait, per bucket of {@link waitBoundsMs} and above. */
  readonly waits: readonly number[];
  /** The same by affinity, with their sums. */
  readonly waitsBy: WaitTimes;
  /** Starts by how long they could have started. */
  readonly eligible: readonly number[];
  readonly eligibleSumMs: number;
  /** How long attempts took, by task name; the names beyond the first 20 are `other`. */
  readonly runs: Readonly<Record<string, RunTimes>>;
  /** Tasks in lanes that another worker may take, now or once their patience is over. */
  readonly movable: number;
  /** Agents by state. */
  readonly agents: AgentCounts;
  /** Agents given a home, by reason: `new`, `draining`, `dead`, `evicted`, `breaker`, `idle-pull`, `evicted-state`, `wrong-worker`, `retry-elsewhere`, `released`, `pinned`; `restart` and `returned` at the home they had. */
  readonly bound: Readonly<Record<string, number>>;
  readonly pull: PullState;
  /** Changes of breakers, by the state they changed to. */
  readonly breakerTransitions: Readonly<Record<Breaker['state'], number>>;
}

/** Reads a pool's depths, workers and totals. Costs O(workers) commands in two pipelines. */
export async function poolStats(redis: Redis, keys: PoolKeys): Promise<PoolStats> {
  const [workers, { labelled, ...depths }, totals, bound, pull, movable, [busy, idle], paused] = await Promise.all([
    workersWithLanes(redis, keys),
    readDepths(redis, keys),
    redis.hgetall(keys.of('totals')),
    redis.hgetall(keys.of('bound')),
    readPull(redis, keys),
    redis.zcard(keys.of('stealable')),
    redis.hmget(keys.of('agents'), 'busy', 'idle'),
    redis.zcard(keys.of('paused')),
  ]);
  const held = await readAtOnce<number>(redis, (pipeline) => {
    for (const { id } of workers) pipeline.zcard(keys.of(`held:${id}`));
  });
  const sum = (field: 'running' | 'waiting') => workers.reduce((total, worker) => total + worker[field], 0);
  const total = (name: string) => Number(totals[name] ?? 0);
  const waitsBy = waitsOfTotals(totals);
  return {
    tasks: { ...depths, lane: sum('waiting'), running: sum('running') },
    workers,
    unserved: labelled
      .filter(({ labels }) => !workers.some((worker) => worker.isRoutable && carriesAll(worker, labels)))
      .reduce((total, { tasks }) => total + tasks, 0),
    enqueued: total('enqueued'),
    turnedAway: turnedAwayIn(total),
    completed: total('completed'),
    failed: total('failed'),
    postponed: total('postponed'),
    finishedFailed: total('finishedFailed'),
    cancelled: total('cancelled'),
    lost: total('lost'),
    poisoned: total('poisoned'),
    warm: total('warm'),
    cold: total('cold'),
    alone: total('alone'),
    waits: [...allWaits(waitsBy).counts],
    waitsBy,
    eligible: [...waitBoundsMs, 0].map((_, i) => total(`eligible:${i}`)),
    eligibleSumMs: total('eligibleSumMs'),
    runs: runsOfTotals(totals),
    movable,
    agents: {
      busy: Number(busy ?? 0),
      idle: Number(idle ?? 0),
      paused,
      held: held.reduce((total, count) => total + count, 0),
    },
    breakerTransitions: {
      closed: total('breaker:closed'),
      open: total('breaker:open'),
      'half-open': total('breaker:half-open'),
    },
    bound: Object.fromEntries(Object.entries(bound).map(([reason, count]) => [reason, Number(count)])),
    pull,
  };
}

/** The warm share: starts of agents' tasks that were warm, of all of them, an agent's first one too; null before the first. */
export function warmRatio({ warm, cold }: Pick<PoolStats, 'warm' | 'cold'>): number | null {
  return warm + cold > 0 ? warm / (warm + cold) : null;
}

/** Totals of a pool that tell how fast it is. */
export type PoolTotals = Pick<PoolStats, 'enqueued' | 'completed' | 'failed'>;

/** Reads them alone, in one command. */
export async function poolTotals(redis: Redis, keys: PoolKeys): Promise<PoolTotals> {
  const [enqueued, completed, failed] = await redis.hmget(keys.of('totals'), 'enqueued', 'completed', 'failed');
  return { enqueued: Number(enqueued ?? 0), completed: Number(completed ?? 0), failed: Number(failed ?? 0) };
}

function turnedAwayIn(total: (name: string) => number): PoolStats['turnedAway'] {
  const counts = fullnessKinds.map((kind) => [kind, total(`turned:${kind}`)]);
  return Object.fromEntries(counts) as PoolStats['turnedAway'];
}

/** Every registered worker with its lane, by id. */
export async function workersWithLanes(redis: Redis, keys: PoolKeys): Promise<WorkerStats[]> {
  const records = await workersOf(redis, keys);
  const counts = await readAtOnce<number>(redis, (pipeline) => {
    for (const { id } of records) pipeline.hlen(keys.lane(id, 'slots')).zcard(keys.lane(id, 'prioritized'));
  });
  return records.map((record, n) => ({ ...record, running: counts[2 * n] ?? 0, waiting: counts[2 * n + 1] ?? 0 }));
}

/** Tasks that wait with each set of labels. */
async function readLabelled(redis: Redis, keys: PoolKeys): Promise<{ labels: Labels; tasks: number }[]> {
  const sets = await redis.zrange(keys.of('labelsets'), '0', '-1');
  return Promise.all(sets.map(async (key) => ({ labels: labelsOfKey(key), tasks: await redis.zcard(keys.yard(key)) })));
}

/** Whether a worker carries all that a task requires. */
export function carriesAll({ labels = {} }: Pick<WorkerRecord, 'labels'>, required: Labels): boolean {
  return Object.entries(required).every(([name, value]) => labels[name] === value);
}

async function readDepths(redis: Redis, keys: PoolKeys) {
  const [wait, prioritized, arrived, yard, delayed, mailboxed, labelled] = await Promise.all([
    redis.llen(keys.of('wait')),
    redis.zcard(keys.of('prioritized')),
    redis.zcard(keys.of('arrived')),
    redis.zcard(keys.of('yard')),
    redis.zcard(keys.of('delayed')),
    redis.get(keys.of('mailboxed')),
    readLabelled(redis, keys),
  ]);
  const inYards = yard + labelled.reduce((sum, { tasks }) => sum + tasks, 0);
  return { labelled, intake: wait + prioritized + arrived, yard: inYards, mailbox: Number(mailboxed ?? 0), delayed };
}
