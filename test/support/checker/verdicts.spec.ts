import { describe, expect, it } from 'vitest';
import type { HistoryEvent, UnstampedEvent } from '../history/events.js';
import { check } from './check.js';
import { legalHistory } from './legal-history.js';
import { formatReport } from './report.js';
import type { CheckOptions, RuleName } from './rule.js';

/** Stamps events 2 s apart, so that a fault strikes nothing but the runs it falls into. */
const timed = (...events: readonly UnstampedEvent[]): HistoryEvent[] =>
  events.map((event, place) => ({ t: (place + 1) * 2_000_000, pid: 1, ...event }) as HistoryEvent);
const rulesBroken = (history: readonly HistoryEvent[], options?: CheckOptions): RuleName[] => [
  ...new Set(check(history, options).violations.map((violation) => violation.rule)),
];

const submit = (task: string, agent: string | null = 'a'): UnstampedEvent => ({ e: 'submit', task, agent, n: 1 });
const ok = (task: string): UnstampedEvent => ({ e: 'ok', task });
const placed = (worker: string, fence: number): UnstampedEvent => ({
  ...{ e: 'placed', agent: 'a', worker, reason: 'new', fence, order: fence },
});
const start = (task: string, worker: string, fence: number, attempt = 1): UnstampedEvent => ({
  ...{ e: 'start', task, agent: 'a', worker, fence, attempt, home: 'cold' },
});
const end = (task: string, worker: string, attempt = 1): UnstampedEvent => ({
  ...{ e: 'end', task, agent: 'a', worker, attempt, outcome: 'completed' },
});
const terminal = (task: string): UnstampedEvent => ({ e: 'terminal', task, state: 'completed' });
const fault = (worker?: string): UnstampedEvent => ({
  ...{ e: 'fault', name: 'signal', detail: 'SIGSTOP' },
  ...(worker === undefined ? {} : { worker }),
});
const final: UnstampedEvent = { e: 'final', counts: {} };

/** A worker is stopped inside a handler, the task runs again elsewhere, and the first handler goes on meanwhile. */
const stopped = (struck: UnstampedEvent, secondFence = 2): HistoryEvent[] =>
  timed(
    ...[submit('x'), ok('x'), placed('w1', 1), start('x', 'w1', 1), struck, placed('w2', 2)],
    ...[start('x', 'w2', secondFence, 2), end('x', 'w1'), end('x', 'w2', 2), terminal('x'), final],
  );

describe('a fault', () => {
  it('on the worker excuses a handler that goes on beside its successor with a higher fence', () => {
    expect(rulesBroken(stopped(fault('w1')))).toEqual([]);
  });

  it('excuses no overlap when the fence did not grow', () => {
    expect(rulesBroken(stopped(fault('w1'), 1))).toEqual(['overlap', 'fence']);
  });

  it('on another worker excuses nothing, and one on none in particular no overlap', () => {
    expect(rulesBroken(stopped(fault('w3')))).toEqual(['duplicate', 'overlap']);
    expect(rulesBroken(stopped(fault()))).toEqual(['overlap']);
  });

  it('that only cuts the worker off excuses an overlap of a second', () => {
    const cutOff = stopped({ ...fault('w1'), isNetwork: true } as UnstampedEvent);
    expect(rulesBroken(cutOff)).toEqual(['overlap']);
    const [start, end] = [cutOff[6], cutOff[7]];
    const aborted = cutOff.map((event) => (event === end ? { ...event, t: (start?.t ?? 0) + 1_000_000 } : event));
    expect(rulesBroken(aborted)).toEqual([]);
  });

  it('is needed for a second run', () => {
    expect(rulesBroken(stopped({ e: 'info', task: 'y' }))).toEqual(['duplicate', 'overlap']);
  });

  it('is a cause within its reach only', () => {
    const history = stopped(fault('w1')).map((event) => (event.e === 'fault' ? { ...event, t: 1 } : event));
    expect(rulesBroken(history, { rules: ['duplicate'] })).toEqual([]);
    expect(rulesBroken(history, { rules: ['duplicate'], faultReachUs: 1_000_000 })).toEqual(['duplicate']);
  });

  it('excuses a handler without an end, and its next run', () => {
    const killed = stopped(fault('w1')).filter((event) => event.e !== 'end' || event.worker !== 'w1');
    expect(rulesBroken(killed)).toEqual([]);
    expect(rulesBroken(killed.filter((event) => event.e !== 'fault'))).toEqual(['duplicate', 'overlap']);
  });

  it('explains what happens in legal histories, which are illegal without it', () => {
    const run = { seed: 5, tasks: 2_000, agents: 20, workers: 3, hasFaults: true };
    const history = legalHistory(run);
    expect(rulesBroken(history)).toEqual([]);
    expect(rulesBroken(history.filter((event) => event.e !== 'fault'))).toContain('duplicate');
  });
});

describe('a task', () => {
  const life = (task: string): UnstampedEvent[] => [start(task, 'w1', 1), end(task, 'w1'), terminal(task)];

  it('that started twice after it was settled is a duplicate, whatever failed before', () => {
    const failed: UnstampedEvent = {
      ...{ e: 'end', task: 'x', agent: 'a', worker: 'w1', attempt: 1, outcome: 'failed' },
    };
    const gaveUp: UnstampedEvent = { e: 'terminal', task: 'x', state: 'failed' };
    const again = [start('x', 'w1', 1, 2), end('x', 'w1', 2)];
    const before = [submit('x'), ok('x'), placed('w1', 1), start('x', 'w1', 1), failed];
    expect(rulesBroken(timed(...before, gaveUp, ...again, final))).toEqual(['duplicate']);
    expect(rulesBroken(timed(...before, ...again, terminal('x'), final))).toEqual([]);
  });

  it('that failed unrun while its last handler was stopped is not overtaken by one with a higher fence', () => {
    const poisoned = (struck: UnstampedEvent, fence = 2) =>
      timed(
        ...[submit('x'), ok('x'), submit('y'), ok('y'), placed('w1', 1), start('x', 'w1', 1), struck, placed('w2', 2)],
        ...[
          start('y', 'w2', fence),
          end('x', 'w1'),
          end('y', 'w2'),
          { e: 'terminal', task: 'x', state: 'failed' } as const,
        ],
        ...[terminal('y'), final],
      );
    expect(rulesBroken(poisoned(fault('w1')))).toEqual([]);
    expect(rulesBroken(poisoned(fault('w1'), 1))).toEqual(['overlap', 'order', 'fence']);
    expect(rulesBroken(poisoned(fault('w3')))).toEqual(['overlap', 'order']);
    const completes = poisoned(fault('w1')).map((event) =>
      event.e === 'terminal' ? { ...event, state: 'completed' as const } : event,
    );
    expect(rulesBroken(completes)).toEqual(['order']);
  });

  it('that started before it was submitted is a phantom', () => {
    expect(rulesBroken(timed(placed('w1', 1), ...life('x'), submit('x'), ok('x'), final))).toEqual(['phantom']);
  });

  it('that settled without ever being submitted is a phantom', () => {
    expect(rulesBroken(timed(terminal('x'), final))).toEqual(['phantom']);
  });

  it('that ran as one of another agent is a phantom', () => {
    expect(rulesBroken(timed(submit('x', 'b'), ok('x'), placed('w1', 1), ...life('x'), final))).toEqual(['phantom']);
  });

  it('of unknown outcome may vanish, but not once it has started', () => {
    const unknown = [submit('x'), { e: 'info', task: 'x' } as const, placed('w1', 1)];
    expect(rulesBroken(timed(...unknown, final))).toEqual([]);
    expect(rulesBroken(timed(...unknown, start('x', 'w1', 1), end('x', 'w1'), final))).toEqual(['loss']);
  });

  it('that was refused first and accepted later may run', () => {
    const refused: UnstampedEvent = { e: 'fail', task: 'x', code: 'POOL_FULL' };
    const history = timed(submit('x'), refused, submit('x'), ok('x'), placed('w1', 1), ...life('x'), final);
    expect(rulesBroken(history)).toEqual([]);
  });

  it('that is delayed may be overtaken, another may not', () => {
    const overtaken = (first: UnstampedEvent): HistoryEvent[] =>
      timed(first, ok('x'), submit('y'), ok('y'), placed('w1', 1), ...life('y'), ...life('x'), final);
    expect(rulesBroken(overtaken(submit('x')))).toEqual(['order']);
    expect(rulesBroken(overtaken({ e: 'submit', task: 'x', agent: 'a', n: 1, delayed: true }))).toEqual([]);
  });

  it('whose enqueue overlapped another may go first', () => {
    const both = [submit('x'), submit('y'), ok('x'), ok('y'), placed('w1', 1)];
    expect(rulesBroken(timed(...both, ...life('y'), ...life('x'), final))).toEqual([]);
  });
});

describe('a task that was refused', () => {
  const joined = (worker: string, order: number): UnstampedEvent => ({ e: 'worker', worker, state: 'joined', order });
  const refused: UnstampedEvent = {
    ...{ e: 'end', task: 'x', agent: 'a', worker: 'w1', attempt: 1, outcome: 'refused' },
  };
  const again = (...between: readonly UnstampedEvent[]) =>
    timed(
      ...[joined('w1', 0.1), joined('w2', 0.2), submit('x'), ok('x'), placed('w1', 1), start('x', 'w1', 1), refused],
      ...[...between, start('x', 'w1', 1, 2), end('x', 'w1', 2), terminal('x'), final],
    );

  it('does not start there again while another worker may receive', () => {
    expect(rulesBroken(again())).toEqual(['avoid']);
  });

  it('may start there when no other could receive all the while, or Redis may not have heard of it', () => {
    expect(rulesBroken(again({ e: 'worker', worker: 'w2', state: 'left', order: 1.5 }))).toEqual([]);
    expect(rulesBroken(again({ e: 'breaker', worker: 'w2', to: 'open', order: 1.5 }))).toEqual([]);
    expect(rulesBroken(again(fault('w1')))).toEqual([]);
  });
});

describe('a wait', () => {
  const life = [start('x', 'w1', 1), end('x', 'w1'), terminal('x')];
  const rules: CheckOptions = { rules: ['late'] };

  it('for a first start has the bound it is given, and none without', () => {
    const history = timed(submit('x'), ok('x'), placed('w1', 1), ...life, final);
    expect(rulesBroken(history, { ...rules, withinUs: 4_000_000 })).toEqual([]);
    expect(rulesBroken(history, { ...rules, withinUs: 3_999_999 })).toEqual(['late']);
    expect(rulesBroken(history, rules)).toEqual([]);
  });

  it('for the next run after a fault counts from the fault', () => {
    const again = [start('x', 'w2', 2, 2), end('x', 'w2', 2), terminal('x')];
    const history = timed(submit('x'), ok('x'), start('x', 'w1', 1), fault('w1'), placed('w2', 2), ...again, final);
    expect(rulesBroken(history, { ...rules, withinUs: 4_000_000 })).toEqual([]);
    expect(rulesBroken(history, { ...rules, withinUs: 3_999_999 })).toEqual(['late']);
  });
});

describe('an agent', () => {
  it('that had a home is not new again within its session', () => {
    const task = (name: string) => [submit(name), ok(name)];
    const life = (name: string, worker: string, fence: number) => [
      placed(worker, fence),
      start(name, worker, fence),
      end(name, worker),
      terminal(name),
    ];
    const history = timed(...task('x'), ...life('x', 'w1', 1), ...task('y'), ...life('y', 'w2', 2), final);
    expect(rulesBroken(history)).toEqual([]);
    expect(rulesBroken(history, { sessionUs: 60_000_000 })).toEqual(['move']);
    expect(rulesBroken(history, { sessionUs: 1_000_000 })).toEqual([]);
  });
});

describe('the journal', () => {
  const task = [submit('x'), ok('x')];
  const life = [start('x', 'w1', 1), end('x', 'w1'), terminal('x')];

  it('may be read after the start that it explains, and twice', () => {
    expect(rulesBroken(timed(...task, ...life, placed('w1', 1), placed('w1', 1), final))).toEqual([]);
  });

  it('must know the home of every start', () => {
    expect(rulesBroken(timed(...task, ...life, final))).toEqual(['home']);
  });

  it('must know the home that an agent moves away from', () => {
    const moved = { ...placed('w1', 1), e: 'moved', from: 'w7' } as UnstampedEvent;
    expect(rulesBroken(timed(...task, moved, ...life, final))).toEqual(['home']);
    expect(rulesBroken(timed(...task, placed('w2', 0), moved, ...life, final))).toEqual(['home']);
  });
});

describe('formatReport', () => {
  it('tells what was checked and that it passed', () => {
    const report = formatReport(check(legalHistory({ seed: 1, tasks: 50, agents: 5, workers: 3 })));
    expect(report).toContain('50 tasks submitted, 50 accepted, 50 starts, 5 agents, 0 faults');
    expect(report).toContain('45 of 45 follow-ups stayed');
    expect(report).toMatch(/\npassed: loss, phantom, duplicate, .*, late, proof, conservation$/);
  });

  it('shows the first violations of each rule with their events and counts the others', () => {
    const history = legalHistory({ seed: 1, tasks: 50, agents: 5, workers: 3 });
    const report = formatReport(check(history.filter((event) => event.e !== 'terminal' && event.e !== 'final')));
    expect(report).toContain('FAILED: 51 violations\nloss: 50\n  task ');
    expect(report).toContain('    {"pid":1,"e":"submit"');
    expect(report).toContain('  and 45 more\nconservation: 1\n  nobody counted');
  });

  it('says none where nothing was counted', () => {
    expect(formatReport(check([], { isComplete: false }))).toContain('assignments: none');
  });
});
