import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { activeTracer, agentInId, isShuntError, metadataOf, type NewTask, taskAttributes } from '@shunt/lanes';

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

/** Does work within a span, which ends with it and tells of its error; `isFailure` says which errors are none. */
export async function within<T>(
  span: Span,
  work: Promise<T>,
  isFailure: (error: unknown) => boolean = () => true,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isFailure(error)) fail(span, error);
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
