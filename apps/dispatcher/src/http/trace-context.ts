import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { activeTracer } from '@shunt/lanes';
import type { FastifyRequest } from 'fastify';

/** A task of a bulk request, which may name a trace of its own as `trace`, and what it names. */
function split(item: unknown): { readonly item: unknown; readonly trace?: Readonly<Record<string, string>> } {
  const { trace, ...rest } = (item ?? {}) as { trace?: unknown };
  const isTrace =
    typeof trace === 'object' && trace !== null && Object.values(trace).every((text) => typeof text === 'string');
  return isTrace ? { item: rest, trace: trace as Record<string, string> } : { item };
}

/**
 * Enqueues each item of a bulk request in its trace: that of its field `trace`, headers of W3C trace context by name, else that of the
 * request. `enqueue` is called in one tick, with as many items at once as share a trace.
 */
export async function inTraces<T>(
  request: FastifyRequest,
  items: readonly unknown[],
  enqueue: (items: readonly unknown[]) => Promise<T[]>,
): Promise<T[]> {
  const parts = items.map(split);
  const tasks = parts.map(({ item }) => item);
  if (activeTracer() === undefined || parts.every(({ trace }) => trace === undefined))
    return inTraceOf(request, () => enqueue(tasks));
  const each = parts.map(({ item, trace }) =>
    trace === undefined
      ? inTraceOf(request, () => enqueue([item]))
      : context.with(propagation.extract(ROOT_CONTEXT, trace), () => enqueue([item])),
  );
  return (await Promise.all(each)).flat();
}

/** Runs something in the trace that a request names by `traceparent`. Reads nothing while no OpenTelemetry SDK is registered. */
export function inTraceOf<T>({ headers }: FastifyRequest, run: () => T): T {
  if (activeTracer() === undefined) return run();
  return context.with(propagation.extract(ROOT_CONTEXT, headers), run);
}
