import type { JournalEvent } from '../../history/events.js';
import type { AgentRecord, HistoryIndex, Run } from '../history-index.js';
import type { CheckOptions, Violation } from '../rule.js';

const givenUp = ['evicted', 'drained', 'left', 'open'];

/** What must have become of a home since the agent was given to it, by the reason for which the agent left. */
const causes: Readonly<Record<string, readonly string[]>> = {
  dead: givenUp,
  draining: givenUp,
  evicted: givenUp,
  restart: ['joined'],
};

/** Whether a handler's end makes its agent leave that home, by the reason for which it left. */
const endings: Readonly<Record<string, (index: HistoryIndex, run: Run) => boolean>> = {
  'wrong-worker': (_, { end }) => end?.outcome === 'refused',
  // Also one that no other worker is left to take: its refusal counts as a failure.
  'retry-elsewhere': (index, { start, end }) =>
    end !== null && end.outcome !== 'completed' && index.tasks.get(start.task)?.submits[0]?.isElsewhere === true,
};

/** What the journal tells of a worker. */
interface Told {
  readonly worker: string;
  readonly order: number;
  readonly what: string;
}

/**
 * The reason of every move is borne out by the journal: a home that an agent left as dead, draining or evicted was evicted,
 * drained, gone or had its breaker open since; one that it goes back to as restarted has joined again; one that it left as the wrong worker, or to
 * be tried elsewhere, has refused or failed a task of it. With a known session an agent that had a
 * home is not new again before its session is over.
 *
 * A history without entries about workers is not asked for them.
 */
export function move(index: HistoryIndex, options: CheckOptions): Violation[] {
  const told = index.journal.flatMap((event): Told[] => {
    if (event.e === 'worker') return [{ worker: event.worker, order: event.order, what: event.state }];
    return event.e === 'breaker' ? [{ worker: event.worker, order: event.order, what: event.to }] : [];
  });
  return [...index.agents.values()].flatMap((agent) => [
    ...(told.length === 0 ? [] : withoutCause(agent, told)),
    ...withoutEnding(index, agent),
    ...newAgain(agent, options.sessionUs),
  ]);
}

function withoutCause(agent: AgentRecord, told: readonly Told[]): Violation[] {
  return agent.journal.flatMap((event, place) => {
    const wanted = event.e === 'moved' ? causes[event.reason] : undefined;
    if (event.e !== 'moved' || wanted === undefined) return [];
    const since = agent.journal[place - 1]?.order ?? 0;
    const isExplained = told.some(
      ({ worker, order, what }) =>
        worker === event.from && order > since && order < event.order && wanted.includes(what),
    );
    if (isExplained) return [];
    const message = `agent ${agent.agent} left ${event.from} as ${event.reason}, which the journal does not bear out`;
    return [{ rule: 'move' as const, message, events: [event] }];
  });
}

function withoutEnding(index: HistoryIndex, agent: AgentRecord): Violation[] {
  return agent.journal.flatMap((event) => {
    const isCause = event.e === 'moved' ? endings[event.reason] : undefined;
    if (event.e !== 'moved' || isCause === undefined) return [];
    const isExplained = agent.runs.some(
      (run) => run.start.worker === event.from && (run.end?.t ?? Infinity) < event.t && isCause(index, run),
    );
    if (isExplained) return [];
    const message = `agent ${agent.agent} left ${event.from} as ${event.reason}, which no handler there bears out`;
    return [{ rule: 'move' as const, message, events: [event] }];
  });
}

function newAgain(agent: AgentRecord, sessionUs: number | undefined): Violation[] {
  if (sessionUs === undefined) return [];
  const isEarly = (event: JournalEvent, previous: JournalEvent | undefined) =>
    event.e === 'placed' && previous !== undefined && event.t - previous.t < sessionUs;
  return agent.journal.flatMap((event, place) => {
    const previous = agent.journal[place - 1];
    if (previous === undefined || !isEarly(event, previous)) return [];
    const message = `agent ${agent.agent} had its home ${previous.worker} and was new again for ${event.worker}`;
    return [{ rule: 'move' as const, message, events: [previous, event] }];
  });
}
