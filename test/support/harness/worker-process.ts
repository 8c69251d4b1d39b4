/** A worker process of a harness run: runs turns and writes each start and end into a history of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createWorker, isShuntError, RetryLater, type ShuntWorker, WrongWorker } from '@shunt/sdk';
import { type Job, Worker } from 'bullmq';
import { EffectClient } from '../effects/client.js';
import type { EndEvent, StartEvent } from '../history/events.js';
import { openHistory } from '../history/writer.js';
import {
  type Blocked,
  type Sick,
  type Slowed,
  type Turn,
  turnName,
  type WorkerOrder,
  type WorkerTask,
} from './worker-task.js';

const told = JSON.parse(process.argv[2] ?? '{}') as WorkerTask;
const { redisUrl, pool, id, slots, heartbeat, lease } = told;
const hasEffects = told.effectPort !== undefined;
/** One that may be killed writes each event at once. */
const history = openHistory(told.history, hasEffects ? { bufferChars: 0 } : {});
const effects = told.effectPort === undefined ? null : new EffectClient(told.effectPort);
/** Longer no handler takes, however slow its worker is: others wait for it. */
const slowestMs = 3000;
let dieAt: WorkerOrder['dieAt'];
let slowBy = 1;
let isSick = false;

function dieIfAt(place: WorkerOrder['dieAt'] & string): void {
  if (dieAt === place) process.kill(process.pid, 'SIGKILL');
}

type Ran = Pick<StartEvent, 'task' | 'attempt' | 'fence' | 'home'>;
type Ended = Pick<EndEvent, 'outcome' | 'laterMs'>;

/** What a turn comes to that is to fail here, and the error by which it says so; null for one that is to complete. */
function planned({ failures, laterMs, refusedBy }: Turn, attempt: number): { ended: Ended; error: Error } | null {
  if (refusedBy === id) return { ended: { outcome: 'refused' }, error: new WrongWorker() };
  if (attempt > failures) return null;
  if (laterMs === undefined) return { ended: { outcome: 'failed' }, error: new Error('a planned failure') };
  return { ended: { outcome: 'postponed', laterMs }, error: new RetryLater(laterMs) };
}

async function run(turn: Turn, { fence, home, ...ran }: Ran, signal?: AbortSignal): Promise<void> {
  const { agentId, costMs } = turn;
  const about = { ...ran, agent: agentId, worker: id };
  let ended: Ended = { outcome: 'failed' };
  dieIfAt('pick-up');
  history.write({ e: 'start', ...about, fence, home });
  try {
    if (isSick) {
      process.send?.({ failedTask: ran.task } satisfies Sick);
      throw new Error('the worker is sick');
    }
    const tookMs = slowBy === 1 ? costMs : Math.min(slowestMs, costMs * slowBy);
    if (tookMs > 0) await sleep(tookMs, undefined, signal === undefined ? {} : { signal });
    if (tookMs > costMs) process.send?.({ tookMs } satisfies Slowed);
    const failure = planned(turn, ran.attempt);
    if (failure !== null) {
      ended = failure.ended;
      throw failure.error;
    }
    if ((await effects?.write({ ...about, fence })) === 'stale') throw new Error('the agent has changed hands');
    dieIfAt('effect');
    ended = { outcome: 'completed' };
  } finally {
    history.write({ e: 'end', ...about, ...ended });
  }
}

function laneWorker(): ShuntWorker {
  return createWorker({
    redis: redisUrl,
    pool,
    id,
    slots,
    heartbeat,
    lease,
    handlers: {
      [turnName]: (turn: Turn, { task, attempt, agent, signal }) =>
        run(turn, { task: task.id, attempt, fence: agent?.fence ?? 0, home: agent?.home ?? 'cold' }, signal),
    },
  });
}

function plainWorker(): Pick<ShuntWorker, 'run' | 'close'> {
  const handle = (job: Job) =>
    run(job.data, { task: job.id ?? '', attempt: job.attemptsMade + 1, fence: 0, home: 'cold' });
  const connection = { url: redisUrl } as never;
  const worker = new Worker(`{${pool}}`, handle, { connection, prefix: 'shunt', concurrency: slots, autorun: false });
  return { run: () => worker.run(), close: () => worker.close().then(() => 'clean' as const) };
}

/** Keeps the event loop from everything: heartbeats, replies, timers. */
function block(ms: number): void {
  const startedAtMs = performance.now();
  let blockedMs = 0;
  while (blockedMs < ms) blockedMs = performance.now() - startedAtMs;
  process.send?.({ blockedMs } satisfies Blocked);
}

/** V8 ends the process once its heap is full of what is still in use. */
function exhaustHeap(): void {
  const kept: unknown[] = [];
  for (let n = 0; ; n++) kept.push(new Array(1_000_000).fill(n));
}

process.on('message', ({ dieAt: place, blockMs, ...order }: WorkerOrder) => {
  if (place !== undefined) dieAt = place;
  if (blockMs !== undefined) block(blockMs);
  if (order.slowBy !== undefined) slowBy = order.slowBy;
  if (order.isSick !== undefined) isSick = order.isSick;
  if (order.exhaustHeap) exhaustHeap();
});

/** Has a worker end the process in place of a step of its registration. */
function die({ lane }: ShuntWorker, before: NonNullable<WorkerTask['diesBefore']>): void {
  const { registration } = lane as unknown as { registration: { join(): Promise<void>; start(): void } };
  const end = () => process.kill(process.pid, 'SIGKILL');
  if (before === 'join') registration.join = () => new Promise(end);
  else registration.start = end;
}

const worker = told.kind === 'lane' ? laneWorker() : plainWorker();
if (told.diesBefore !== undefined) die(worker as ShuntWorker, told.diesBefore);
process.on('SIGTERM', async () => {
  const outcome = await worker.close();
  history.close();
  effects?.close();
  process.exit(outcome === 'clean' ? 0 : 1);
});
process.on('disconnect', () => process.exit(1));
worker.run().catch((error) => {
  if (!isShuntError(error, 'LEASE_LOST') && !isShuntError(error, 'CONFLICT')) console.error(error);
  process.exit(1);
});
process.send?.({ ready: id });
