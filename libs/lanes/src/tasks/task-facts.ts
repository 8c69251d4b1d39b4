import type { Redis } from 'ioredis';
import { type AgentRecord, readAgent } from '../agents/agent-record.js';
import type { PoolKeys } from '../keys.js';
import { stateOf, type TaskState } from '../moves.js';
import { type Labels, labelsOfKey } from '../pool/labels-key.js';
import { type WorkerStats, workersWithLanes } from '../pool/pool-stats.js';
import { redisTimeMs } from '../redis/store-clock.js';
import { agentsOf } from './task-agents.js';

/** What there is to say of why a task is where it is. */
export interface TaskFacts {
  readonly task: TaskState;
  /** Null for a task of no agent. */
  readonly agent: AgentRecord | null;
  /** Tasks of its agent that run before it, when it is in a mailbox. */
  readonly ahead: number;
  /** What it requires of a worker. */
  readonly labels: Labels;
  /** When it is due, in ms since 1970; null unless it is delayed. */
  readonly dueAtMs: number | null;
  /** Whether it is a retry, or waits for one worker, as far as it is delayed. */
  readonly isParked: boolean;
  readonly failedReason: string;
  /** How many workers have died while they ran it. */
  readonly deaths: number;
  /** Until when it has to start, by its ttl, in ms since 1970; null where it has none, or has started once. */
  readonly lateAtMs: number | null;
  /** For how long its attempt has gone on past its `timeout`, in ms; null while it has not, or has none. */
  readonly overtimeMs: number | null;
  /** Why it is to end while it runs, as `cancel` told; null for one that may go on. */
  readonly cancelling: string | null;
  /** The worker that still runs its handler though it was ended by force; null for none. */
  readonly goesOnAt: string | null;
  readonly workers: readonly WorkerStats[];
  readonly isPaused: boolean;
  /** Whether a dispatcher leads. */
  readonly isLed: boolean;
  /** When it was read, by the clock of Redis. */
  readonly nowMs: number;
}

/** Reads it, one command after the other: what moves meanwhile is told as it was when it was read. */
export async function readTaskFacts(redis: Redis, keys: PoolKeys, id: string): Promise<TaskFacts> {
  const task = await stateOf(redis, keys, id);
  const known = task.state !== 'missing';
  const fields = ['lb', 'failedReason', 'stc', 'opts', 'processedOn', 'late', 'ats', 'cancelling'];
  const [labels, failedReason, deaths, opts, startedAt, late, starts, cancelling] = known
    ? await redis.hmget(keys.of(id), ...fields)
    : [];
  const [agentKey = ''] = await agentsOf(redis, keys, [id]);
  const [agent, rank, due, parked, forced, workers, paused, leaseEnd, nowMs] = await Promise.all([
    agentKey === '' ? null : readAgent(redis, keys, agentKey),
    redis.zrank(keys.of(`mailbox:${agentKey}`), id),
    redis.zscore(keys.of('delayed'), id),
    redis.zscore(keys.of('parked'), id),
    redis.get(keys.of(`${id}:forced`)),
    workersWithLanes(redis, keys),
    redis.hexists(keys.of('meta'), 'paused'),
    redis.hget(keys.of('leader'), 'expiresAt'),
    redisTimeMs(redis),
  ]);
  return {
    task,
    agent,
    ahead: rank === null ? 0 : rank + 1,
    labels: labelsOfKey(labels ?? ''),
    // BullMQ keeps the ms in the high bits of the score.
    dueAtMs: due === null ? null : Math.floor(Number(due) / 4096),
    isParked: parked !== null,
    failedReason: failedReason ?? '',
    deaths: Number(deaths ?? 0),
    lateAtMs: late && Number(starts ?? 0) === 0 ? Number(late) : null,
    overtimeMs: task.state === 'running' ? overtimeMs(opts, Number(startedAt ?? nowMs), nowMs) : null,
    cancelling: task.state === 'running' ? (cancelling ?? null) : null,
    goesOnAt: forced === null ? null : (forced.split(' ', 1)[0] ?? null),
    workers,
    isPaused: paused === 1,
    isLed: Number(leaseEnd ?? 0) > nowMs,
    nowMs,
  };
}

function overtimeMs(opts: string | null | undefined, startedAtMs: number, nowMs: number): number | null {
  const { timeout } = JSON.parse(opts ?? '{}') as { timeout?: number };
  if (typeof timeout !== 'number') return null;
  const overMs = nowMs - startedAtMs - timeout;
  return overMs > 0 ? overMs : null;
}
