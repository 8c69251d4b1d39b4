import { context, SpanKind, trace } from '@opentelemetry/api';
import { activeTracer, contextOf, decodeAgentKey, type LaneWorker, taskAttributes } from '@shunt/lanes';
import { type Job, WaitingError } from 'bullmq';
import { within } from '../tracing.js';

/** Runs an attempt within a span `process <pool>`, in the trace of its producer and linked to it; what its handler makes is below. */
export function tracedAttempt<T>(pool: string, lane: LaneWorker, job: Job, run: () => Promise<T>): Promise<T> {
  const tracer = activeTracer();
  if (tracer === undefined) return run();
  const id = job.id ?? '';
  const agent = lane.agentOf(id);
  const parent = contextOf(job.opts.telemetry?.metadata);
  const producer = trace.getSpanContext(parent);
  const attributes = {
    ...taskAttributes(pool, 'process', id, agent?.agent ? (decodeAgentKey(agent.agent) ?? agent.agent) : undefined),
    'messaging.operation.type': 'process',
    'shunt.task.name': job.name,
    'shunt.worker.id': lane.workerId,
    'shunt.attempt': job.attemptsMade + 1,
    ...(agent?.agent ? { 'shunt.agent.home': agent.home } : {}),
  };
  const links = producer ? [{ context: producer }] : [];
  const span = tracer.startSpan(`process ${pool}`, { kind: SpanKind.CONSUMER, attributes, links }, parent);
  // One that is given back has not failed.
  return within(span, context.with(trace.setSpan(parent, span), run), (error) => !(error instanceof WaitingError));
}
