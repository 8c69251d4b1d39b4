import {
  type Context,
  context,
  ProxyTracerProvider,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { PoolKeys } from '../keys.js';
import { agentKeyIn, decodeAgentKey } from './task-id.js';

const name = 'shunt';

/** The tracer of the process's OpenTelemetry SDK; undefined while none is registered, when nothing is made, stored or read for traces. */
export function activeTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer(name) : provider.getTracer(name);
}

/** What a task says of a span, as `opts.telemetry.metadata` of BullMQ has it; undefined when there is nothing to say. */
export function metadataOf(span: Span): string | undefined {
  if (!trace.isSpanContextValid(span.spanContext())) return undefined;
  const carrier: Record<string, string> = {};
  propagation.inject(trace.setSpan(context.active(), span), carrier);
  return Object.keys(carrier).length === 0 ? undefined : JSON.stringify(carrier);
}

/** The context that a task's metadata names; the root for a task without. */
export function contextOf(metadata: unknown): Context {
  if (typeof metadata !== 'string') return ROOT_CONTEXT;
  try {
    return propagation.extract(ROOT_CONTEXT, JSON.parse(metadata));
  } catch {
    // Another producer's, which may say anything.
    return ROOT_CONTEXT;
  }
}

/** What spans about a task say, by the conventions for messaging. */
export function taskAttributes(pool: string, operation: string, task: string, agent: string | undefined) {
  return {
    'messaging.system': name,
    'messaging.operation.name': operation,
    'messaging.destination.name': pool,
    'messaging.message.id': task,
    ...(agent ? { 'messaging.message.conversation_id': agent } : {}),
  };
}

/** The agent that a task's id names; undefined for none. */
export function agentInId(task: string): string | undefined {
  const key = agentKeyIn(task);
  return key ? (decodeAgentKey(key) ?? key) : undefined;
}

/** The pool behind its keys: `agents` of the queue `{agents}`. */
export function poolOf({ queue }: PoolKeys): string {
  return queue.name.replace(/^\{(.*)\}$/, '$1');
}
