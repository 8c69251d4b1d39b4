import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { connect } from '@shunt/sdk';
import { afterEach, expect } from 'vitest';
import { it, keyOf } from '../../support/http.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';

afterEach(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

/** Registers an SDK of OpenTelemetry. */
function register(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  return exporter;
}

it('there is one trace from a producer over HTTP to the handler, though its calls share a request', async ({
  pool,
  api,
}) => {
  const exporter = register();
  pool.serve({ turn: () => 'done' });
  const client = connect({ address: api.url, apiKey: keyOf('submitter'), pool: pool.pool });
  const tracer = trace.getTracer('test');
  const tasks = await Promise.all(
    ['a', 'b'].map((agentId) =>
      tracer.startActiveSpan('request', async (span) => {
        const task = await client.enqueue('turn', null, { agentId });
        span.end();
        return { id: task.id, task, traceId: span.spanContext().traceId, spanId: span.spanContext().spanId };
      }),
    ),
  );
  for (const { task } of tasks) await task.result();
  const refused = await refusalOf(() =>
    client.enqueue('turn', 1, { agentId: 'a', id: tasks[0]?.id.split('~')[1] ?? '' }),
  );
  expect(refused.code).toBe('CONFLICT');
  client.close();
  await until(() => exporter.getFinishedSpans().filter(({ name }) => name.startsWith('process')).length === 2);
  for (const { id, traceId, spanId } of tasks) {
    const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
    const named = (start: string) => spans.filter(({ name }) => name.startsWith(start));
    const sent = named('enqueue').find((span) => span.parentSpanContext?.spanId === spanId);
    expect(sent?.attributes).toMatchObject({ 'messaging.message.id': id, 'messaging.operation.type': 'send' });
    const taken = named('enqueue').find((span) => span.parentSpanContext?.spanId === sent?.spanContext().spanId);
    expect(named('process').map((span) => span.parentSpanContext?.spanId)).toEqual([taken?.spanContext().spanId]);
  }
  expect(exporter.getFinishedSpans().some(({ attributes }) => attributes['error.type'] === 'CONFLICT')).toBe(true);
});

it('a trace of a task that is none is a field that nobody knows', async ({ api }) => {
  register();
  const reply = await api.post('/v1/tasks/bulk', { tasks: [{ task: 'turn', input: 1, trace: { traceparent: 7 } }] });
  expect(await reply.json()).toMatchObject({
    results: [{ ok: false, problem: { errors: [{ field: 'trace' }] } }],
  });
});

it('a task over HTTP continues the trace of its request', async ({ api }) => {
  const exporter = register();
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
