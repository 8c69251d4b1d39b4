import { setTimeout as sleep } from 'node:timers/promises';
import type { Shunt } from '@shunt/sdk';
import type { TraceTask } from '@shunt/workload';

/** How to replay a trace. */
export interface ReplayOptions {
  /** How many times faster than it was recorded. */
  readonly speed: number;
  /** What a millisecond of the trace's cost takes here. */
  readonly costScale: number;
  readonly signal: AbortSignal;
  /** Called with the number of tasks Redis has. */
  readonly onEnqueued: (count: number) => void;
}

/** Enqueues a trace's tasks at their times, open loop: a late answer delays no later task. Resolves to how many were refused. */
export async function replay(client: Shunt, tasks: readonly TraceTask[], options: ReplayOptions): Promise<number> {
  const { speed, costScale, signal, onEnqueued } = options;
  const startedAt = performance.now();
  const calls: Promise<void>[] = [];
  let enqueued = 0;
  let refused = 0;
  for (const { tMs, agent, costMs } of tasks) {
    const waitMs = tMs / speed - (performance.now() - startedAt);
    if (waitMs > 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const input = { ms: Math.max(1, Math.round(costMs * costScale)) };
    const call = client.enqueue('sleep', input, { agentId: agent, attempts: 3, keep: { completed: 1000 } });
    calls.push(
      call.then(
        () => onEnqueued(++enqueued),
        () => {
          refused++;
        },
      ),
    );
  }
  await Promise.all(calls);
  return refused;
}
