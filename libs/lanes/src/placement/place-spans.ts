import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { Placement } from '../moves.js';
import { activeTracer, agentInId, contextOf, poolOf, taskAttributes } from '../tasks/tracing.js';

/**
 * Tells a trace of each placement that the leader decided on, in the trace of the task's producer. Costs a read of each task, and nothing
 * while no OpenTelemetry SDK is registered.
 *
 * @param sinceMs when the decision began, in ms since 1970
 */
export async function tracePlacements(
  redis: Redis,
  keys: PoolKeys,
  placements: readonly Placement[],
  sinceMs: number,
): Promise<void> {
  const tracer = activeTracer();
  if (tracer === undefined) return;
  const untilMs = Date.now();
  const pool = poolOf(keys);
  const pipeline = redis.pipeline();
  for (const { task } of placements) pipeline.hget(keys.of(task), 'opts');
  // The tasks are placed: what Redis does not answer is a trace of its own.
  const replies = (await pipeline.exec().catch(() => null)) ?? [];
  for (const [n, { task, worker }] of placements.entries()) {
    const attributes = { ...taskAttributes(pool, 'place', task, agentInId(task)), 'shunt.worker.id': worker };
    const parent = contextOf(metadataIn(replies[n]?.[1]));
    tracer.startSpan(`place ${pool}`, { startTime: sinceMs, attributes }, parent).end(untilMs);
  }
}

function metadataIn(opts: unknown): unknown {
  try {
    return typeof opts === 'string' ? JSON.parse(opts).tm : undefined;
  } catch {
    return undefined;
  }
}
