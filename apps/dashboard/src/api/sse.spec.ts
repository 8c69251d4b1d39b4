import { describe, expect, it } from 'vitest';
import { eventOf, eventsOf } from './sse.js';

describe('eventsOf', () => {
  it('reads events that come in pieces, and passes over comments', async () => {
    const text = 'retry: 2000\n\nid: 1\nevent: all\ndata: {"ä":1}\n\n: no event\n\nevent: tick\ndata: 2\n\nevent: cut';
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
        controller.close();
      },
    });
    const events = [];
    for await (const event of eventsOf(body)) events.push(event);
    expect(events).toEqual([
      { event: 'all', data: '{"ä":1}' },
      { event: 'tick', data: '2' },
    ]);
  });
});

describe('eventOf', () => {
  it('joins lines of data', () => {
    expect(eventOf('data: a\ndata: b')).toEqual({ event: 'message', data: 'a\nb' });
  });
});
