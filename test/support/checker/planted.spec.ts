import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndEvent, HistoryEvent, JournalEvent } from '../history/events.js';
import { check } from './check.js';
import { type HistoryIndex, indexHistory, type PoolEvent, type Run } from './history-index.js';
import { type LegalRunOptions, legalHistory } from './legal-history.js';
import { formatReport } from './report.js';
import type { RuleName } from './rule.js';

/** Plants one bug into a legal history; null when it offers no place for it. `pick` chooses among the places. */
type Plant = (index: HistoryIndex, pick: <Item>(items: readonly Item[]) => Item | undefined) => HistoryEvent[] | null;

const without = (index: HistoryIndex, ...gone: readonly unknown[]): HistoryEvent[] =>
  index.events.filter((event) => !gone.includes(event));
const replace = (index: HistoryIndex, changes: ReadonlyMap<HistoryEvent, object>): HistoryEvent[] =>
  index.events.map((event) => ({ ...event, ...changes.get(event) }) as HistoryEvent);
const change = (index: HistoryIndex, event: HistoryEvent, fields: object): HistoryEvent[] =>
  replace(index, new Map([[event, fields]]));
const completed = (index: HistoryIndex) => [...index.tasks.values()].filter((task) => task.runs.length === 1);
const endedAs = (index: HistoryIndex, ...outcomes: readonly EndEvent['outcome'][]) =>
  agentRuns(index).filter(({ end }) => end !== null && outcomes.includes(end.outcome));

/** Pairs of an end and the next start of the same task. */
const triesAgain = (index: HistoryIndex, ...outcomes: readonly EndEvent['outcome'][]) =>
  [...index.tasks.values()].flatMap(({ runs, submits }) =>
    runs.flatMap((run, place) => {
      const next = runs[place + 1];
      return run.end !== null && outcomes.includes(run.end.outcome) && next !== undefined
        ? [{ run, end: run.end, next, submit: submits[0] }]
        : [];
    }),
  );
const agentRuns = (index: HistoryIndex): Run[] => [...index.agents.values()].flatMap((agent) => agent.runs);

/** Pairs of successive runs of one agent on one home that are of two tasks. */
function neighbours(index: HistoryIndex) {
  return [...index.agents.values()].flatMap((agent) =>
    agent.runs.flatMap((later, place) => {
      const earlier = agent.runs[place - 1];
      if (earlier?.end == null || later.end === null || earlier.start.task === later.start.task) return [];
      if (earlier.start.worker !== later.start.worker) return [];
      const [a, b] = [index.tasks.get(earlier.start.task), index.tasks.get(later.start.task)];
      if (a === undefined || b === undefined) return [];
      const [okUs, submitUs] = [a.oks[0]?.t ?? Infinity, b.submits[0]?.t ?? Infinity];
      return [{ a, b, earlier, later, isOrdered: okUs < submitUs, submitUs }];
    }),
  );
}

/** Successive changes of hands of one agent. */
function handovers(index: HistoryIndex): { previous: JournalEvent; next: JournalEvent; runs: Run[] }[] {
  return [...index.agents.values()].flatMap((agent) =>
    agent.journal.flatMap((next, place) => {
      const previous = agent.journal[place - 1];
      if (previous === undefined || previous.worker === next.worker) return [];
      return [{ previous, next, runs: agent.runs.filter(({ start }) => start.fence === next.fence) }];
    }),
  );
}

/** Lets two tasks change places; both are seen to be settled only after that. */
function swapRuns(index: HistoryIndex, left: Run, right: Run): HistoryEvent[] {
  const take = ({ start, end }: Run) => ({ task: start.task, attempt: start.attempt, outcome: end?.outcome });
  const changes = new Map<HistoryEvent, object>();
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    const { outcome, ...identity } = take(from);
    changes.set(to.start, identity);
    if (to.end !== null) changes.set(to.end, { ...identity, outcome });
  }
  for (const { start } of [left, right]) {
    for (const terminal of index.tasks.get(start.task)?.terminals ?? []) {
      changes.set(terminal, { t: Math.max(terminal.t, (right.end?.t ?? 0) + 1) });
    }
  }
  return replace(index, changes);
}

const workerEvent = (worker: string, state: 'joined' | 'evicted', order: number): HistoryEvent => {
  return { t: 1, pid: 1, e: 'worker', worker, state, order };
};

const hasBreaker = (index: HistoryIndex, worker: string) =>
  index.journal.some((each) => each.e === 'breaker' && each.worker === worker);

/** Whether the breaker of the home that an agent leaves was open at that time. */
function wasOpen(index: HistoryIndex, moved: Extract<PoolEvent, { e: 'moved' }>): boolean {
  const told = index.journal.filter(
    (each) => each.e === 'breaker' && each.worker === moved.from && each.order < moved.order,
  );
  const latest = told.at(-1);
  return latest?.e === 'breaker' && latest.to === 'open';
}

/** Histories in which tasks are refused, postponed, to be tried elsewhere, or expire. */
const odd: Partial<LegalRunOptions> = { hasOddTasks: true, tasks: 300, failShare: 0.3 };

/** Those of which the journal had told, for long, who may receive, and before the next start where that is. */
function told(index: HistoryIndex, all: ReturnType<typeof triesAgain>) {
  const joinedUs = Math.max(...index.journal.map((event) => (event.e === 'worker' ? event.t : 0)));
  return all.filter(({ run, end, next }) => {
    const journal = index.agents.get(end.agent ?? '')?.journal ?? [];
    const isTold = journal.some(({ fence, t }) => fence === next.start.fence && t < next.start.t);
    return isTold && run.start.fence !== next.start.fence && end.t > joinedUs + 1000;
  });
}

/** Has the next start of a task be where it ended, under the fence of then; a thousand times as slow, as the journal is read late. */
function startThere(index: HistoryIndex, { run, next }: { readonly run: Run; readonly next: Run }): HistoryEvent[] {
  const { worker, fence } = run.start;
  const changes = new Map<HistoryEvent, object>([[next.start, { worker, fence }]]);
  if (next.end !== null) changes.set(next.end, { worker });
  return replace(index, changes).map((event) => ({ ...event, t: event.t * 1000 }));
}

const bugs: readonly [string, Plant, readonly RuleName[], Partial<LegalRunOptions>?][] = [
  [
    'an accepted task that never settles',
    (index, pick) => {
      const task = pick(completed(index));
      return task === undefined ? null : without(index, ...task.terminals);
    },
    ['loss'],
  ],
  [
    'an accepted task that vanishes without a trace',
    (index, pick) => {
      const task = pick(completed(index));
      return task === undefined ? null : without(index, task.runs[0]?.start, task.runs[0]?.end, ...task.terminals);
    },
    ['loss'],
  ],
  [
    'a task completed without a run',
    (index, pick) => {
      const task = pick(completed(index));
      return task === undefined ? null : without(index, task.runs[0]?.start, task.runs[0]?.end);
    },
    ['loss'],
  ],
  [
    'a run of a task that was never submitted',
    (index, pick) => {
      const task = pick(completed(index));
      return task === undefined ? null : without(index, ...task.submits, ...task.oks);
    },
    ['phantom'],
  ],
  [
    'a run of a refused task',
    (index, pick) => {
      const ok = pick(completed(index))?.oks[0];
      return ok === undefined ? null : change(index, ok, { e: 'fail', code: 'POOL_FULL' });
    },
    ['phantom'],
  ],
  [
    'an end where nothing started',
    (index, pick) => {
      const end = pick(completed(index))?.runs[0]?.end;
      return end == null ? null : [...index.events, { ...end, worker: 'w9', t: end.t + 1 }];
    },
    ['phantom'],
  ],
  [
    'two terminal states',
    (index, pick) => {
      const terminal = pick(completed(index))?.terminals[0];
      return terminal === undefined ? null : [...index.events, { ...terminal, state: 'failed', t: terminal.t + 1 }];
    },
    ['duplicate'],
  ],
  [
    'a second run without a cause',
    (index, pick) => {
      const run = pick(completed(index))?.runs[0];
      if (run?.end == null) return null;
      const attempt = run.start.attempt + 1;
      const { t } = run.end;
      return [...index.events, { ...run.start, attempt, t: t + 1 }, { ...run.end, attempt, t: t + 2 }];
    },
    ['duplicate'],
  ],
  [
    'a second run after one refusal',
    (index, pick) => {
      const run = pick(endedAs(index, 'refused').filter(({ start }) => index.tasks.get(start.task)?.runs.length === 2));
      const last = index.tasks.get(run?.start.task ?? '')?.runs[1];
      if (last?.end == null) return null;
      const attempt = last.start.attempt + 1;
      const { t } = last.end;
      return [...index.events, { ...last.start, attempt, t: t + 1 }, { ...last.end, attempt, t: t + 2 }];
    },
    ['duplicate'],
    odd,
  ],
  [
    'two handlers of one agent at once',
    (index, pick) => {
      const pair = pick(neighbours(index).filter(({ isOrdered }) => !isOrdered));
      if (pair?.earlier.end == null) return null;
      return change(index, pair.earlier.end, { t: pair.later.start.t + 1 });
    },
    ['overlap'],
  ],
  [
    'a task that overtakes another of its agent',
    (index, pick) => {
      const pair = pick(
        neighbours(index).filter(({ earlier, isOrdered, submitUs }) => isOrdered && submitUs < earlier.start.t),
      );
      return pair === undefined ? null : swapRuns(index, pair.earlier, pair.later);
    },
    ['order'],
    { agents: 2, hasMoves: false },
  ],
  [
    'a task that slips in before a retry',
    (index, pick) => {
      const pair = pick(
        neighbours(index).filter(
          ({ a, b, earlier, isOrdered, submitUs }) =>
            isOrdered && a.runs.length > 1 && b.runs.length === 1 && submitUs < earlier.start.t,
        ),
      );
      return pair === undefined ? null : swapRuns(index, pair.earlier, pair.later);
    },
    ['order'],
    { failShare: 0.4, agents: 2, hasMoves: false },
  ],
  [
    'a start on a worker that never was the home',
    (index, pick) => {
      const run = pick(agentRuns(index));
      if (run?.end == null) return null;
      const worker = { worker: 'w9' };
      return replace(
        index,
        new Map<HistoryEvent, object>([
          [run.start, worker],
          [run.end, worker],
        ]),
      );
    },
    ['home'],
  ],
  [
    'a move without a reason',
    (index, pick) => {
      const handover = pick(handovers(index));
      return handover === undefined ? null : change(index, handover.next, { reason: '' });
    },
    ['home'],
  ],
  [
    'a start on a former home with its former fence',
    (index, pick) => {
      const handover = pick(handovers(index).filter(({ next, runs }) => next.t < (runs[1]?.start.t ?? 0)));
      const run = handover?.runs[1];
      if (handover === undefined || run?.end == null) return null;
      const { worker, fence } = handover.previous;
      return replace(
        index,
        new Map<HistoryEvent, object>([
          [run.start, { worker, fence }],
          [run.end, { worker }],
        ]),
      );
    },
    ['home', 'fence'],
  ],
  [
    'a start with a fence that nobody issued',
    (index, pick) => {
      const run = pick(agentRuns(index));
      return run === undefined ? null : change(index, run.start, { fence: 1_000_000 });
    },
    ['fence'],
  ],
  [
    'a start with the fence of the home before',
    (index, pick) => {
      const handover = pick(handovers(index).filter(({ runs }) => runs.length > 0));
      const run = handover?.runs[0];
      return handover === undefined || run === undefined
        ? null
        : change(index, run.start, { fence: handover.previous.fence });
    },
    ['fence'],
  ],
  [
    'a change of hands that does not raise the fence',
    (index, pick) => {
      const handover = pick(handovers(index));
      if (handover === undefined) return null;
      const fence = { fence: handover.previous.fence };
      return replace(
        index,
        new Map([handover.next, ...handover.runs.map(({ start }) => start)].map((e) => [e, fence])),
      );
    },
    ['fence'],
  ],
  [
    'a handler whose effect is not there',
    (index, pick) => {
      const task = pick(completed(index).filter(({ terminals }) => terminals[0]?.state === 'completed'));
      return task === undefined ? null : without(index, ...task.effects);
    },
    ['effect'],
  ],
  [
    'a store that accepts an effect twice',
    (index, pick) => {
      const effect = pick(completed(index))?.effects[0];
      return effect === undefined ? null : [...index.events, { ...effect, t: effect.t + 1 }];
    },
    ['effect'],
  ],
  [
    'a store that accepts the fence of the home before',
    (index, pick) => {
      const handover = pick(handovers(index).filter(({ runs }) => (runs[0]?.start.agent ?? null) !== null));
      const first =
        handover === undefined ? undefined : index.tasks.get(handover.runs[0]?.start.task ?? '')?.effects[0];
      const earlier = index.agents
        .get(handover?.next.agent ?? '')
        ?.runs.filter(({ end }) => (end?.t ?? Infinity) < (first?.t ?? 0));
      if (handover === undefined || first === undefined || !earlier || earlier.length === 0) return null;
      return change(index, first, { fence: 0 });
    },
    ['effect'],
  ],
  [
    'a worker that writes under an old fence though no fault struck it',
    (index, pick) => {
      const effect = pick(completed(index))?.effects[0];
      return effect === undefined ? null : [...index.events, { ...effect, verdict: 'stale', t: effect.t + 1 }];
    },
    ['effect'],
  ],
  [
    'an agent that is given to a worker that was evicted',
    (index, pick) => {
      const event = pick(index.journal.filter(({ e }) => e === 'placed'));
      if (event?.e !== 'placed') return null;
      return [
        ...index.events,
        workerEvent(event.worker, 'evicted', event.order - 0.5),
        workerEvent(event.worker, 'joined', event.order + 0.5),
      ];
    },
    ['eligibility'],
  ],
  [
    'an agent that is given to a worker that never joined',
    (index, pick) => {
      const event = pick(index.journal.filter(({ e }) => e === 'placed'));
      if (event?.e !== 'placed') return null;
      const joined = index.journal.filter((each) => each.e === 'worker' && each.worker === event.worker);
      return without(index, ...joined);
    },
    ['eligibility'],
    { hasMoves: false },
  ],
  [
    'a home that is left as dead and was not evicted',
    (index, pick) => {
      const event = pick(index.journal.filter((each) => each.e === 'moved' && !hasBreaker(index, each.from)));
      return event === undefined ? null : change(index, event, { reason: 'dead' });
    },
    ['move'],
  ],
  [
    'a home that is left as the wrong worker and refused nothing',
    (index, pick) => {
      const event = pick(index.journal.filter((each) => each.e === 'moved' && each.reason === 'wrong-worker'));
      if (event?.e !== 'moved') return null;
      const ends = endedAs(index, 'refused').flatMap(({ end }) => (end?.agent === event.agent ? [end] : []));
      return replace(index, new Map(ends.map((end) => [end, { outcome: 'failed' }])));
    },
    ['move'],
    odd,
  ],
  [
    'a home that is left to try a task elsewhere that did not ask for it',
    (index, pick) => {
      const event = pick(index.journal.filter((each) => each.e === 'moved' && each.reason === 'retry-elsewhere'));
      if (event?.e !== 'moved') return null;
      const submits = index.agents.get(event.agent)?.tasks.flatMap((task) => task.submits) ?? [];
      return replace(index, new Map(submits.map((submit) => [submit, { isElsewhere: false }])));
    },
    ['move'],
    odd,
  ],
  [
    'a start where the task was refused',
    (index, pick) => {
      const again = pick(told(index, triesAgain(index, 'refused')));
      return again === undefined ? null : startThere(index, again);
    },
    ['home', 'avoid', 'fence'],
    { ...odd, hasMoves: false },
  ],
  [
    'a retry where the task failed that is to be tried elsewhere',
    (index, pick) => {
      const failed = triesAgain(index, 'failed', 'postponed').filter(({ submit }) => submit?.isElsewhere);
      const again = pick(told(index, failed));
      return again === undefined ? null : startThere(index, again);
    },
    ['home', 'avoid', 'fence'],
    { ...odd, hasMoves: false },
  ],
  [
    'a retry before the time to which the task was postponed',
    (index, pick) => {
      const again = pick(triesAgain(index, 'postponed'));
      return again === undefined ? null : change(index, again.end, { laterMs: 10_000 });
    },
    ['due'],
    odd,
  ],
  [
    'a start after the ttl',
    (index, pick) => {
      const task = pick(completed(index).filter(({ submits, oks }) => oks.length > 0 && !submits[0]?.delayed));
      return task?.submits[0] === undefined ? null : change(index, task.submits[0], { ttlMs: -10_000 });
    },
    ['due'],
  ],
  [
    'an expiry of a task without a ttl',
    (index, pick) => {
      const task = pick([...index.tasks.values()].filter(({ terminals }) => terminals[0]?.state === 'expired'));
      return task?.submits[0] === undefined ? null : change(index, task.submits[0], { ttlMs: undefined });
    },
    ['due'],
    odd,
  ],
  [
    'an expiry before its time',
    (index, pick) => {
      const task = pick([...index.tasks.values()].filter(({ terminals }) => terminals[0]?.state === 'expired'));
      return task?.submits[0] === undefined ? null : change(index, task.submits[0], { ttlMs: 10_000 });
    },
    ['due'],
    odd,
  ],
  [
    'a second leader of a term',
    (index) => [...index.events, { t: 1, pid: 1, e: 'leader', dispatcher: 'other', term: 1, order: 1.5 }],
    ['leader'],
  ],
  [
    'a worker that is evicted under an old term',
    (index, pick) => {
      const event = pick(index.journal.filter((each) => each.e === 'worker' && each.state === 'evicted'));
      return event === undefined ? null : change(index, event, { term: 0 });
    },
    ['leader'],
    { hasFaults: true },
  ],
  [
    'breakers that empty the pool',
    (index) => {
      const last = index.journal.at(-1)?.order ?? 0;
      const open = (worker: string, nth: number): HistoryEvent => {
        return { t: 1, pid: 1, e: 'breaker', worker, to: 'open', order: last + nth };
      };
      return [...index.events, open('w1', 1), open('w2', 2)];
    },
    ['ejection'],
  ],
  [
    'a home that is left for its breaker, which is closed',
    (index, pick) => {
      const event = pick(index.journal.filter((each) => each.e === 'moved' && !wasOpen(index, each)));
      return event === undefined ? null : change(index, event, { reason: 'breaker' });
    },
    ['ejection'],
  ],
  [
    'a fault that nobody saw',
    (index) => [...index.events, { t: 1, pid: 1, e: 'fault', name: 'kill', detail: 'w9', worker: 'w9', n: 99 }],
    ['proof'],
  ],
  [
    'a list that is not empty at the end',
    (index) => change(index, index.finals[0] as HistoryEvent, { counts: { yard: 1 } }),
    ['conservation'],
  ],
  [
    'an agent that the watchdog had to put right',
    (index) => [
      ...index.events,
      { t: 1, pid: 1, e: 'repaired', agent: 'a1', worker: '', reason: 'current task was in no list', order: 0.5 },
    ],
    ['conservation'],
  ],
  ['no count at the end', (index) => without(index, ...index.finals), ['conservation']],
];

describe('a planted bug', () => {
  it.each(bugs)('%s is caught by its rules alone', (_name, plant, rules, options = {}) => {
    let planted = 0;
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (seed, luck) => {
        const run = { seed, tasks: 80, agents: 4, workers: 4, hasMoves: true, ...options };
        const index = indexHistory(legalHistory(run));
        const history = plant(index, (items) => items[Math.floor(luck * items.length)]);
        if (history === null) return;
        planted += 1;
        const result = check(history);
        const found = new Set(result.violations.map((violation) => violation.rule));
        expect([...found], formatReport(result)).toEqual(rules);
      }),
      { numRuns: 60 },
    );
    expect(planted).toBeGreaterThan(4);
  });
});
