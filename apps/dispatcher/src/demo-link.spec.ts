import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { DemoLink, type ToDemo } from './demo-link.js';

/** The channel to a demo that does with a request as it is told. */
function linkTo(answer: (asked: ToDemo, channel: EventEmitter) => void, answerMs?: number): DemoLink {
  const channel = new EventEmitter();
  const send = (asked: ToDemo) => {
    answer(asked, channel);
    return true;
  };
  return new DemoLink(Object.assign(channel, { send }) as unknown as NodeJS.Process, answerMs);
}

describe('a crash that the page asks for', () => {
  it('is answered with the worker that was killed', async () => {
    const link = linkTo(({ crash, call }, channel) => channel.emit('message', { crashed: crash, call }));
    expect(await link.crash('w2')).toBe('w2');
  });

  it('ends with a clear word when the demo does not answer', async () => {
    const silent = linkTo(() => undefined, 1);
    await expect(silent.crash(null)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: expect.stringContaining('The demo did not answer within'),
    });
  });
});
