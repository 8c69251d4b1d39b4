import { describe, expect } from 'vitest';
import type { LiveAll, LiveTick } from '../../../apps/dispatcher/src/live/live-event.js';
import { type HttpApi, it } from '../../support/http.js';
import { until } from '../../support/pool-test.js';

/** The events of the stream, as they come. */
async function* live(api: HttpApi, signal: AbortSignal): AsyncGenerator<{ event: string; data: LiveAll & LiveTick }> {
  const { body } = await api.send('/v1/live', { as: 'viewer', signal });
  let rest = '';
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as never)) {
    const blocks = `${rest}${chunk}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event, data] = /event: (\w+)\ndata: (.*)/.exec(block) ?? [];
      if (event !== undefined) yield { event, data: JSON.parse(data ?? '') };
    }
  }
}

/** The first event that is as wanted. */
async function first(api: HttpApi, isWanted: (data: LiveAll & LiveTick, event: string) => boolean) {
  const gone = new AbortController();
  for await (const { event, data } of live(api, gone.signal)) {
    if (!isWanted(data, event)) continue;
    gone.abort();
    return data;
  }
  throw new Error('the stream ended');
}

describe('GET /v1/live', () => {
  it('tells everything first, then what is another', async ({ pool, api }) => {
    pool.serve({ greet: () => 'hello' }, { id: 'w1', slots: 3, zone: 'eu-1' });
    const client = pool.client();
    await (await client.enqueue('greet', {}, { agentId: 'a' })).result();
    const gone = new AbortController();
    const events = live(api, gone.signal);
    const { value: all } = await events.next();
    expect(all.event).toBe('all');
    for await (const { event, data } of events) {
      expect(event).toBe('tick');
      expect(data.gone).toEqual([]);
      if (data.now.totals.completed === 1) break;
    }
    gone.abort();
    const later = await first(api, ({ workers }, event) => event === 'all' && workers.length === 1);
    expect(later.workers[0]?.slice(0, 4)).toEqual(['w1', 'up', 'closed', 3]);
    expect(later.workers[0]?.at(-1)).toBe('eu-1');
    expect(later.now).toMatchObject({ redis: { isUp: true }, demo: null, strategy: 'least-connections', alerts: [] });
    expect(later.history.length).toBeGreaterThan(0);
    expect(later.notable.map(({ fields }) => fields.event)).toEqual(expect.arrayContaining(['leader', 'joined']));
  });

  it('tells the oldest task that waits, and where', async ({ pool, api }) => {
    const client = pool.client();
    await client.enqueue('greet', {}, { agentId: 'a', id: 'one' });
    const { now } = await first(api, ({ now: { oldest, tasks } }) => oldest !== null && tasks.yard === 1);
    expect(now.oldest).toMatchObject({ id: 'a~one', agentId: 'a', state: 'yard' });
  });

  it('is refused to more readers than this dispatcher serves, until one is gone', async ({ pool }) => {
    const api = await pool.boot({ maxStreams: 2 });
    const readers = [new AbortController(), new AbortController()];
    for (const { signal } of readers) await api.send('/v1/live', { signal });
    for (const path of ['/v1/live', '/v1/events']) {
      const refused = await api.send(path);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_STREAMS', retryable: true });
    }
    readers[0]?.abort();
    const another = new AbortController();
    await until(async () => (await api.send('/v1/live', { signal: another.signal })).status === 200);
    for (const reader of [...readers, another]) reader.abort();
  });
});

describe('GET /v1/me', () => {
  it('tells whose key it is', async ({ pool, api }) => {
    expect(await (await api.send('/v1/me', { as: 'operator' })).json()).toMatchObject({
      actor: 'the-operator',
      role: 'operator',
      pool: pool.pool,
      isDemo: false,
    });
  });
});
