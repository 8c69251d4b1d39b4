import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UnstampedEvent } from './events.js';
import { readHistory } from './reader.js';
import { openHistory } from './writer.js';

const oneOfEach: readonly UnstampedEvent[] = [
  { e: 'submit', task: 'a~1', agent: 'a', n: 1, delayed: true },
  { e: 'submit', task: '~2', agent: null, n: 2 },
  { e: 'ok', task: 'a~1' },
  { e: 'fail', task: 'a~3', code: 'POOL_FULL' },
  { e: 'info', task: 'a~4' },
  { e: 'placed', agent: 'a', worker: 'w1', reason: 'new', fence: 1, order: 1 },
  { e: 'moved', agent: 'a', from: 'w1', worker: 'w2', reason: 'dead', fence: 2, order: 2 },
  { e: 'start', task: 'a~1', agent: 'a', worker: 'w2', fence: 2, attempt: 1, home: 'cold' },
  { e: 'end', task: 'a~1', agent: 'a', worker: 'w2', attempt: 1, outcome: 'completed' },
  { e: 'terminal', task: 'a~1', state: 'completed' },
  { e: 'fault', name: 'kill', detail: 'SIGKILL', worker: 'w1' },
  { e: 'final', counts: { intake: 0, yard: 0 } },
];

describe('history', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shunt-history-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads back every kind of event, stamped and in order', () => {
    const history = openHistory(file('a'));
    for (const event of oneOfEach) history.write(event);
    history.close();
    const events = readHistory([file('a')]);
    expect(events).toEqual(oneOfEach.map((event) => expect.objectContaining({ ...event, pid: process.pid })));
    const times = events.map((event) => event.t);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    expect(times.every(Number.isSafeInteger)).toBe(true);
  });

  it('merges the files of several processes by time', () => {
    const a = openHistory(file('a'), { bufferChars: 0 });
    const b = openHistory(file('b'));
    for (let n = 0; n < 10; n++) (n % 2 === 0 ? a : b).write({ e: 'submit', task: `~${n}`, agent: null, n });
    a.close();
    b.close();
    const numbers = readHistory([file('b'), file('a')]).map((event) => event.t);
    expect(numbers).toHaveLength(10);
    expect(numbers).toEqual([...numbers].sort((left, right) => left - right));
  });

  it('holds events back to the end of the turn, and writes at once without a buffer', async () => {
    const held = openHistory(file('held'));
    const eager = openHistory(file('eager'), { bufferChars: 0 });
    held.write({ e: 'ok', task: '~1' });
    eager.write({ e: 'ok', task: '~1' });
    expect(readFileSync(file('held'), 'utf8')).toBe('');
    expect(readHistory([file('eager')])).toHaveLength(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(readHistory([file('held')])).toHaveLength(1);
    held.close();
    eager.close();
  });

  it('leaves no exit listener behind and refuses events after close', () => {
    const before = process.listenerCount('exit');
    const history = openHistory(file('a'));
    expect(process.listenerCount('exit')).toBe(before + 1);
    history.close();
    history.close();
    expect(process.listenerCount('exit')).toBe(before);
    expect(() => history.write({ e: 'ok', task: '~1' })).toThrow(/closed/);
  });

  it('leaves out a last line that was torn off', () => {
    const history = openHistory(file('a'));
    history.write({ e: 'ok', task: '~1' });
    history.close();
    appendFileSync(file('a'), '{"t":1,"pid"');
    expect(readHistory([file('a')])).toHaveLength(1);
  });

  it.each([
    ['{"t":', 'not JSON'],
    ['7', 'event'],
    ['{"pid":1,"e":"ok","task":"x"}', '"t"'],
    ['{"t":1,"e":"ok","task":"x"}', '"pid"'],
    ['{"t":1,"pid":1,"e":"toString"}', '"e"'],
    ['{"t":1,"pid":1,"e":"ok"}', '"task"'],
    ['{"t":1,"pid":1,"e":"submit","task":"x","agent":null,"n":1,"delayed":1}', '"delayed"'],
    ['{"t":1,"pid":1,"e":"terminal","task":"x","state":"gone"}', '"state"'],
    ['{"t":1,"pid":1,"e":"final","counts":{"yard":"0"}}', '"counts"'],
  ])('refuses the line %s naming its place', (line, named) => {
    writeFileSync(file('a'), `{"t":1,"pid":1,"e":"ok","task":"x"}\n${line}\n`);
    expect(() => readHistory([file('a')])).toThrow(named);
    expect(() => readHistory([file('a')])).toThrow('a:2');
  });
});
