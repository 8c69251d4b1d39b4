import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  activeTracer,
  agentInId,
  contextOf,
  decodeAgentKey,
  isShuntError,
  type LaneWorker,
  metadataOf,
  type NewTask,
  taskAttributes,
} from '@shunt/lanes';
import { type Job, WaitingError } from 'bullmq';

/**
 * Sends a task within a span `enqueue <pool>`, which the task tells its worker of.
 *
 * @param send is told the span's context as JSON of headers, undefined where there is none to tell
 */
export function tracedEnqueue<T>(
  pool: string,
  task: Pick<NewTask, 'id' | 'name'>,
  send: (metadata: string | undefined) => Promise<T>,
): Promise<T> {
  const tracer = activeTracer();
  if (tracer === undefined) return send(undefined);
  const attributes = {
    ...taskAttributes(pool, 'enqueue', task.id, agentInId(task.id)),
    'messaging.operation.type': 'send',
    'shunt.task.name': task.name,
  };
  const span = tracer.startSpan(`enqueue ${pool}`, { kind: SpanKind.PRODUCER, attributes });
  return within(span, send(metadataOf(span)));
}

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
  return within(span, context.with(trace.setSpan(parent, span), run));
}

async function within<T>(span: Span, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // The attempt was given back: it has not failed.
    if (!(error instanceof WaitingError)) fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function fail(span: Span, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  span.setAttribute('error.type', isShuntError(error) ? error.code : name);
  span.recordException({ name, message });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
