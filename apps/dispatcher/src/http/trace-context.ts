import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { activeTracer } from '@shunt/lanes';
import type { FastifyRequest } from 'fastify';

/** Runs something in the trace that a request names by `traceparent`. Reads nothing while no OpenTelemetry SDK is registered. */
export function inTraceOf<T>({ headers }: FastifyRequest, run: () => T): T {
  if (activeTracer() === undefined) return run();
  return context.with(propagation.extract(ROOT_CONTEXT, headers), run);
}
