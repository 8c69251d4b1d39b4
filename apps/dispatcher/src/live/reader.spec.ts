import { describe, expect, it } from 'vitest';
import { Reader } from './reader.js';

/** The next so many events of a reader. */
async function read(events: AsyncGenerator<{ readonly event: string }>, count: number): Promise<unknown[]> {
  const told: unknown[] = [];
  while (told.length < count) told.push((await events.next()).value);
  return told;
}

describe('a reader of a feed', () => {
  it('is told everything first, then what is another', async () => {
    const reader = new Reader(() => 'all 1', new AbortController().signal);
    const events = reader.events();
    reader.refresh();
    expect(await read(events, 1)).toEqual([{ id: '1', event: 'all', json: 'all 1' }]);
    reader.tell('tick 2');
    expect(await read(events, 1)).toEqual([{ id: '2', event: 'tick', json: 'tick 2' }]);
  });

  it('that was slow is told everything anew, once', async () => {
    let version = 0;
    const reader = new Reader(() => `all ${++version}`, new AbortController().signal);
    const events = reader.events();
    for (let n = 0; n < 100; n++) reader.tell(`tick ${n}`);
    expect(await read(events, 1)).toMatchObject([{ event: 'all', json: 'all 100' }]);
    reader.tell('tick 100');
    expect(await read(events, 1)).toMatchObject([{ event: 'tick', json: 'tick 100' }]);
  });

  it('ends with its signal', async () => {
    const gone = new AbortController();
    const events = new Reader(() => '', gone.signal).events();
    const next = events.next();
    gone.abort();
    expect(await next).toEqual({ value: undefined, done: true });
  });
});
