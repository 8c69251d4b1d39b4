import { expect, it } from 'vitest';
import { serverEvents } from './server-events.js';

async function read(...pieces: string[]) {
  const bytes = pieces.map((piece) => new TextEncoder().encode(piece));
  async function* stream() {
    yield* bytes;
  }
  const events = [];
  for await (const event of serverEvents(stream())) events.push(event);
  return events;
}

const stream =
  'retry: 2000\n\n: no event\n\nid: 1-0\nevent: added\ndata: {"n":"ü"}\n\nid: 2-0\r\ndata: a\r\ndata: b\r\n\r\nid: 3';

it('reads events, however the text is cut', async () => {
  const events = [
    { id: '1-0', event: 'added', data: '{"n":"ü"}' },
    { id: '2-0', event: 'message', data: 'a\nb' },
  ];
  expect(await read(stream)).toEqual(events);
  expect(await read(...stream)).toEqual(events);
});

it('reads characters that are cut in two', async () => {
  const bytes = new TextEncoder().encode('data: ü\n\n');
  async function* halves() {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  const events = [];
  for await (const { data } of serverEvents(halves())) events.push(data);
  expect(events).toEqual(['ü']);
});
