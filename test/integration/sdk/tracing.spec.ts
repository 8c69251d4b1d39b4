import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { RetryLater } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { until } from '../../support/pool-test.js';
import { it } from './sdk-pool.js';

/** Counts what is written into tasks. */
class CountingPropagator extends W3CTraceContextPropagator {
  injected = 0;

  override inject(...args: Parameters<W3CTraceContextPropagator['inject']>): void {
    this.injected++;
    super.inject(...args);
  }
}

let propagator: CountingPropagator;
const exporter = new InMemorySpanExporter();
const spans = (name: string) => exporter.getFinishedSpans().filter((span) => span.name.startsWith(name));
const parentOf = (span: ReadableSpan) => span.parentSpanContext?.spanId;

beforeEach(() => {
  propagator = new CountingPropagator();
  propagation.setGlobalPropagator(propagator);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  trace.disable();
  propagation.disable();
  context.disable();
  exporter.reset();
});

function register(): void {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
}

describe('with a registered OpenTelemetry SDK', () => {
  beforeEach(register);

  it('there is one trace from the producer through the placement to the handler', async ({ pool, client }) => {
    const tracer = trace.getTracer('test');
    pool.serve(
      {
        turn: () => tracer.startActiveSpan('model call', (span) => span.end()),
      },
      { id: 'w1', slots: 1 },
    );
    await until(async () => (await client.workers.list()).length === 1);
    const ask = (agentId: string) =>
      tracer.startActiveSpan('request', async (span) => {
        const made = await client.enqueue('turn', { n: 1 }, { agentId });
        span.end();
        return made;
      });
    // Now and then the worker is faster than the leader, and takes a new agent's task from the yard by itself.
    for (let n = 0; spans('place').length === 0; n++) await (await ask(`a ${n}`)).result();
    const [place] = spans('place') as [ReadableSpan];
    const { traceId } = place.spanContext();
    const ofTrace = () => exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
    await until(() => ofTrace().length === 5);
    const [request, enqueue, process, call] = ['request', 'enqueue', 'process', 'model call'].map((name) =>
      ofTrace().find((span) => span.name.startsWith(name)),
    ) as [ReadableSpan, ReadableSpan, ReadableSpan, ReadableSpan];
    expect(parentOf(enqueue)).toBe(request.spanContext().spanId);
    expect([place, process].map(parentOf)).toEqual(Array(2).fill(enqueue.spanContext().spanId));
    expect(parentOf(call)).toBe(process.spanContext().spanId);
    const common = {
      'messaging.system': 'shunt',
      'messaging.destination.name': pool.pool,
      'messaging.message.id': expect.stringMatching(/^a%20\d+~/),
      'messaging.message.conversation_id': expect.stringMatching(/^a \d+$/),
    };
    expect(enqueue).toMatchObject({
      name: `enqueue ${pool.pool}`,
      kind: SpanKind.PRODUCER,
      attributes: { ...common, 'messaging.operation.type': 'send', 'shunt.task.name': 'turn' },
    });
    expect(place).toMatchObject({ name: `place ${pool.pool}`, attributes: { ...common, 'shunt.worker.id': 'w1' } });
    expect(process).toMatchObject({
      name: `process ${pool.pool}`,
      kind: SpanKind.CONSUMER,
      links: [{ context: { spanId: enqueue.spanContext().spanId } }],
      attributes: {
        ...common,
        'messaging.operation.type': 'process',
        'shunt.worker.id': 'w1',
        'shunt.attempt': 1,
        'shunt.agent.home': 'cold',
      },
    });
  });

  it('each attempt has a span of its own, and says why it failed', async ({ pool, client }) => {
    pool.serve({
      turn: (_, { attempt }) => {
        if (attempt === 1) throw new RangeError('too far');
        if (attempt === 2) throw new RetryLater(0, 'soon');
        return 'done';
      },
    });
    await (await client.enqueue('turn', null, { agentId: 'a', attempts: 3 })).result();
    await until(() => spans('process').length === 3);
    const error = { code: SpanStatusCode.ERROR };
    expect(spans('process')).toMatchObject([
      { status: { ...error, message: 'too far' }, attributes: { 'error.type': 'RangeError', 'shunt.attempt': 1 } },
      { status: { ...error, message: 'soon' }, attributes: { 'error.type': 'RetryLater', 'shunt.attempt': 2 } },
      { status: { code: SpanStatusCode.UNSET }, attributes: { 'shunt.attempt': 3 } },
    ]);
    expect(new Set(spans('process').map((span) => span.spanContext().traceId)).size).toBe(1);
  });

  it('a refused enqueue is an error, and a task of a plain producer begins a trace', async ({ pool, client }) => {
    await client.enqueue('turn', 1, { id: 'x' });
    await expect(client.enqueue('turn', 2, { id: 'x' })).rejects.toThrow('exists');
    pool.serve({ turn: () => 'done' });
    await pool.queue().add('turn', { agentId: 'a' });
    await until(() => spans('process').length === 2);
    const plain = spans('process').find((span) => span.attributes['messaging.message.conversation_id'] === 'a');
    expect([plain?.links, plain && parentOf(plain)]).toEqual([[], undefined]);
  });
});

describe('without a registered OpenTelemetry SDK', () => {
  it('nothing is written into tasks or read from them', async ({ pool, client }) => {
    pool.serve({ turn: () => 'done' });
    const task = await client.enqueue('turn', null, { agentId: 'a' });
    await task.result();
    expect(propagator.injected).toBe(0);
    const job = await pool.queue().getJob(task.id);
    expect(job?.opts.telemetry).toBeUndefined();
    register();
    await client.enqueue('turn', null, { agentId: 'a' });
    expect(propagator.injected).toBe(1);
  });
});
