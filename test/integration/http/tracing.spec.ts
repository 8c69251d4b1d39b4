import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, expect } from 'vitest';
import { it } from '../../support/http.js';

afterEach(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

it('a task over HTTP continues the trace of its request', async ({ api }) => {
  const exporter = new InMemorySpanExporter();
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const headers = { traceparent: `00-${traceId}-${spanId}-01` };
  const task = { task: 'turn', input: null };
  await api.post('/v1/tasks', task, { headers });
  await api.post('/v1/tasks/bulk', { tasks: [task, task] }, { headers });
  await api.post('/v1/tasks', task);
  const parents = exporter
    .getFinishedSpans()
    .map((span) => [span.spanContext().traceId, span.parentSpanContext?.spanId]);
  expect(parents.slice(0, 3)).toEqual(Array(3).fill([traceId, spanId]));
  expect(parents[3]?.[1]).toBeUndefined();
});
