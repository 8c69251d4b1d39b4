import { describe, expect } from 'vitest';
import { it } from '../../support/http.js';
import { Signal } from '../../support/pool.js';
import { eventsUntil, readEvents } from '../../support/server-events.js';

describe('GET /v1/tasks/{id}/events', () => {
  it('replays from the start, follows to the end, and then is over', async ({ pool, api }) => {
    const go = new Signal();
    pool.serve({
      turn: async (_input, ctx) => {
        await go.seen;
        await ctx.progress({ step: 1 });
        return { done: true };
      },
    });
    await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'a', id: '1' } });
    await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'b', id: '1' } });
    const reply = await api.send('/v1/tasks/a~1/events', { as: 'viewer' });
    expect(reply.headers.get('content-type')).toMatch(/^text\/event-stream/);
    go.resolve();
    const seen = [];
    for await (const event of readEvents(reply)) seen.push(event);
    expect(seen.map(({ event }) => event)).toEqual(['added', 'waiting', 'active', 'progress', 'completed']);
    expect(seen[3]?.data).toEqual({ data: { step: 1 } });
    expect(seen[4]?.data).toMatchObject({ returnvalue: { done: true } });

    const resume = (id: string) => api.send('/v1/tasks/a~1/events', { headers: { 'last-event-id': id } });
    const rest = await eventsUntil(await resume(seen[2]?.id ?? ''), 'completed');
    expect(rest).toEqual(seen.slice(3));
    expect((await resume(seen[4]?.id ?? '')).status).toBe(204);
  });

  it('resumes in the middle without a gap or a repeat', async ({ pool, api }) => {
    const [started, go] = [new Signal(), new Signal()];
    pool.serve({
      turn: async (_input, ctx) => {
        for (let step = 0; step < 5; step++) await ctx.progress(step);
        started.resolve();
        await go.seen;
        for (let step = 5; step < 10; step++) await ctx.progress(step);
      },
    });
    await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'a', id: '1' } });
    await started.seen;
    const steps: unknown[] = [];
    let last = '';
    for await (const { id, event, data } of readEvents(await api.send('/v1/tasks/a~1/events'))) {
      last = id;
      if (event === 'progress') steps.push((data as { data: unknown }).data);
      if (steps.length === 3) break;
    }
    go.resolve();
    const reply = await api.send('/v1/tasks/a~1/events', { headers: { 'last-event-id': last } });
    for (const { event, data } of await eventsUntil(reply, 'completed'))
      if (event === 'progress') steps.push((data as { data: unknown }).data);
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is a 404 for a task that was never there, and refuses an id that is none', async ({ api }) => {
    expect((await api.send('/v1/tasks/none/events')).status).toBe(404);
    for (const id of ['x', '1', '1-1-1', '$', '-1-0', '9'.repeat(400)]) {
      const reply = await api.send('/v1/tasks/none/events', { headers: { 'last-event-id': id } });
      expect(await reply.json()).toMatchObject({ status: 400, errors: [{ field: 'Last-Event-ID' }] });
    }
  });
});

describe('GET /v1/events', () => {
  it('tells the journal from now on, and what came behind an id', async ({ pool, api }) => {
    const reply = await api.send('/v1/events');
    pool.serve({ turn: () => 1 }, { id: 'w1' });
    const seen = await eventsUntil(reply, 'joined');
    expect(seen.at(-1)?.data).toMatchObject({ worker: 'w1' });
    await api.send('/v1/workers/w1/drain', { method: 'POST' });
    const headers = { 'last-event-id': seen.at(-1)?.id ?? '' };
    const rest = await eventsUntil(await api.send('/v1/events', { headers }), 'drained');
    expect(rest.at(-1)?.data).toMatchObject({ worker: 'w1', by: 'the-admin' });
  });

  it('ends when the dispatcher stops', async ({ pool, api }) => {
    const reply = await api.send('/v1/events');
    const ended = eventsUntil(reply, 'never');
    await pool.stopApps();
    expect((await ended).filter(({ event }) => event === 'never')).toEqual([]);
  });
});
