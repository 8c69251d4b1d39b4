import { breakerPresets } from '@shunt/health';
import { isShuntError } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { workerSettings } from './worker-options.js';

const handlers = { turn: () => undefined };

function refusalOf(options: unknown): { message: string; fields: string[] } {
  try {
    workerSettings(options as never);
  } catch (error) {
    if (!isShuntError(error, 'INVALID_CONFIG')) throw error;
    return { message: error.message, fields: error.details.map(({ field }) => field) };
  }
  throw new Error('nothing was refused');
}

describe('workerSettings', () => {
  it('fills in the defaults', () => {
    expect(workerSettings({ handlers })).toEqual({
      redis: 'redis://127.0.0.1:6379',
      schemas: new Map(),
      pool: 'agents',
      prefix: undefined,
      id: undefined,
      slots: 1,
      weight: 1,
      zone: undefined,
      labels: undefined,
      handlers: new Map(Object.entries(handlers)),
      sessionTtlMs: 900_000,
      heartbeatMs: 2000,
      leaseMs: 10_000,
      breaker: breakerPresets.adaptive.self,
      healthUrl: undefined,
      graceMs: 25_000,
      handOffMs: 5000,
      abortMs: 5000,
      maxAgents: undefined,
      hooks: { onAgentOpen: undefined, onAgentClose: undefined },
    });
  });

  it('takes what it is told', () => {
    const told = {
      id: 'w.1',
      slots: 10_000,
      weight: 0.5,
      zone: 'eu-1',
      labels: { gpu: 'a100' },
      heartbeat: 10,
      lease: 30,
      shutdown: { grace: 0, abort: '1m' },
    };
    expect(workerSettings({ handlers, ...told })).toMatchObject({
      id: 'w.1',
      slots: 10_000,
      weight: 0.5,
      zone: 'eu-1',
      labels: { gpu: 'a100' },
      heartbeatMs: 10,
      leaseMs: 30,
      graceMs: 0,
      handOffMs: 5000,
      abortMs: 60_000,
    });
  });

  it.each([
    ['concurrency', null],
    ['slot', 'slots'],
    ['handler', 'handlers'],
    ['heartbeet', 'heartbeat'],
    ['workerId', null],
  ])('suggests for %s the name %s', (name, near) => {
    const { message, fields } = refusalOf({ handlers, [name]: 1 });
    expect(fields).toEqual([name]);
    expect(message).toBe(`${name} is not a known option${near ? `: did you mean ${near}?` : ''}`);
  });

  it.each([
    ...[0, -1, 1.5, 10_001, Number.NaN, Number.POSITIVE_INFINITY, '4', null].map((v) => ['slots', v] as const),
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1', null].map((v) => ['weight', v] as const),
    ...[0, 1.5, 10_000_001, '4', null].map((v) => ['maxAgents', v] as const),
    ...[1, 'open', {}, null].map((v) => ['onAgentOpen', v] as const),
    ...[1, 'close', {}, null].map((v) => ['onAgentClose', v] as const),
    ...['', 'a b', 'a:b', '{a}', 'x'.repeat(65), 5, null].map((v) => ['id', v] as const),
    ...[9, 0, -1, 'soon', '2h', null].map((v) => ['heartbeat', v] as const),
    ...[-1, 'soon', null].map((v) => ['lease', v] as const),
    ...['', 7].map((v) => ['pool', v] as const),
    ...['', '{a}'].map((v) => ['prefix', v] as const),
    ...['hunter2', 6379].map((v) => ['redis', v] as const),
    ...[5, 'now', null].map((v) => ['shutdown', v] as const),
    ...['', 'ftp://h/', '/health', 5, null].map((v) => ['healthUrl', v] as const),
    ...[true, 'on', 5, null].map((v) => ['breaker', v] as const),
    ...[undefined, null, 'turn', [], {}, new Map([['turn', () => 1]]), () => 1].map((v) => ['handlers', v] as const),
  ])('refuses a bad %s: %s', (field, value) => {
    const { message, fields } = refusalOf({ handlers, [field]: value });
    expect(fields).toEqual([field]);
    expect(message).toMatch(new RegExp(`^${field} must be `));
    expect(message).not.toContain('hunter2');
  });

  it.each([
    [{ shutdown: { grace: -1 } }, 'shutdown.grace'],
    [{ shutdown: { abort: '13d' } }, 'shutdown.abort'],
    [{ shutdown: { gracee: 1 } }, 'shutdown.gracee'],
    [{ handlers: { turn: 'echo' } }, 'handlers.turn'],
    [{ handlers: { turn: undefined } }, 'handlers.turn'],
    [{ handlers: { '': () => 1 } }, 'handlers[""]'],
    [{ handlers: { ok: () => 1, 'a\nb': () => 1 } }, 'handlers["a\\nb"]'],
    [{ breaker: { failureRate: 2 } }, 'breaker.failureRate'],
    [{ breaker: { slowRate: '0.5' } }, 'breaker.slowRate'],
    [{ breaker: { window: 'soon' } }, 'breaker.window'],
    [{ breaker: { preset: 'brave' } }, 'breaker.preset'],
    [{ breaker: { minCalls: 0 } }, 'breaker.minCalls'],
    [{ breaker: { failurRate: 0.5 } }, 'breaker.failurRate'],
    [{ lease: '5s' }, 'lease'],
    [{ heartbeat: '4s' }, 'lease'],
  ])('names the option inside (%#)', (options, field) => {
    expect(refusalOf({ handlers, ...options }).fields).toEqual([field]);
  });

  it('takes rules for the breaker beside those of a preset, and none at all', () => {
    const rules = { preset: 'plain', consecutiveFailures: 9, window: '5s', slowCall: 100 } as const;
    expect(workerSettings({ handlers, breaker: rules }).breaker).toEqual({
      ...breakerPresets.plain.self,
      consecutiveFailures: 9,
      windowMs: 5000,
      slowMs: 100,
    });
    expect(workerSettings({ handlers, breaker: false }).breaker).toBe(false);
  });

  it('reads handlers once: a later change of the object changes nothing', () => {
    const mine: Record<string, () => unknown> = { turn: () => 1 };
    const settings = workerSettings({ handlers: mine });
    mine.turn = () => 2;
    expect(settings.handlers.get('turn')?.(null, {} as never)).toBe(1);
  });
});
