import { describe, expect, it } from 'vitest';
import { errorReporter, loggerOf } from './logger.js';

/** A logger that keeps its lines, and a clock that a test sets. */
function watched() {
  const lines: Record<string, unknown>[] = [];
  const clock = { ms: 0 };
  const logger = loggerOf('info', 'shunt-test', { write: (line: string) => lines.push(JSON.parse(line)) });
  return { lines, clock, logger, report: errorReporter(logger, 1000, () => clock.ms) };
}

describe('loggerOf', () => {
  it('writes JSON lines with its name and process, from its level on', () => {
    const { logger, lines } = watched();
    logger.debug('too little');
    logger.info({ pool: 'agents' }, 'started');
    expect(lines).toEqual([expect.objectContaining({ name: 'shunt-test', pid: process.pid, pool: 'agents' })]);
  });

  it('tells type, message, code and stack of an error, and no other field: a command may hold a password', () => {
    const { logger, lines } = watched();
    const command = { name: 'auth', args: ['hunter2'] };
    logger.error({ err: Object.assign(new TypeError('WRONGPASS'), { code: 'E1', command }) }, 'x');
    expect(lines[0]?.err).toEqual({
      type: 'TypeError',
      message: 'WRONGPASS',
      code: 'E1',
      stack: expect.stringContaining('WRONGPASS'),
    });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('tells no stack of an error of the system', () => {
    const { logger, lines } = watched();
    logger.error({ err: Object.assign(new Error('no'), { code: 'ECONNREFUSED', syscall: 'connect' }) }, 'x');
    expect(lines[0]?.err).toEqual({ type: 'Error', message: 'no', code: 'ECONNREFUSED' });
  });
});

it("tells no stack of an error of Shunt's own", () => {
  const { logger, lines } = watched();
  logger.error({ err: Object.assign(new Error('no'), { name: 'ShuntError', code: 'LEASE_LOST' }) }, 'x');
  expect(lines[0]?.err).toEqual({ type: 'ShuntError', message: 'no', code: 'LEASE_LOST' });
});

describe('errorReporter', () => {
  it('logs the first of equal errors at once and the next a window later, with how often it came', () => {
    const { lines, clock, report } = watched();
    for (const atMs of [0, 1, 500, 999, 1000, 1001]) {
      clock.ms = atMs;
      report(new Error('down'));
    }
    expect(lines.map(({ msg, repeated }) => [msg, repeated])).toEqual([
      ['down', 0],
      ['down', 3],
    ]);
  });

  it('takes refusals of different scripts for the same error', () => {
    const { lines, report } = watched();
    const full = "OOM command not allowed when used memory > 'maxmemory'.";
    for (const sha of ['a', 'b']) report(new Error(`${full} script: ${sha.repeat(40)}, on @user_script:7.`));
    expect(lines.map(({ msg }) => msg)).toEqual([full]);
  });

  it('logs different errors independently', () => {
    const { lines, report } = watched();
    for (const message of ['a', 'b', 'a', 'c', 'b']) report(new Error(message));
    expect(lines.map(({ msg }) => msg)).toEqual(['a', 'b', 'c']);
  });

  it('logs the name of an error without a message', () => {
    const { lines, report } = watched();
    report(new RangeError());
    expect(lines[0]?.msg).toBe('RangeError');
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    ['a text', 'a text'],
  ])('logs what is no error: %s', (thrown, msg) => {
    const { lines, report } = watched();
    report(thrown);
    expect(lines[0]?.msg).toBe(msg);
  });

  it('remembers at most 100 messages', () => {
    const { lines, report } = watched();
    for (let n = 0; n < 101; n++) report(new Error(`e${n}`));
    report(new Error('e0'));
    expect(lines).toHaveLength(102);
  });
});
