import type {
  BreakerEvent,
  EffectEvent,
  EndEvent,
  FailEvent,
  FaultEvent,
  FinalEvent,
  HistoryEvent,
  JournalEvent,
  LeaderEvent,
  OkEvent,
  ProofEvent,
  RepairedEvent,
  StartEvent,
  SubmitEvent,
  TerminalEvent,
  WorkerEvent,
} from '../history/events.js';

/** One run of a handler; `end` is null when none was written. */
export interface Run {
  readonly start: StartEvent;
  end: EndEvent | null;
}

/** All that happened to one task, each list in time order. */
export interface TaskRecord {
  readonly task: string;
  readonly submits: SubmitEvent[];
  readonly oks: OkEvent[];
  readonly fails: FailEvent[];
  readonly runs: Run[];
  readonly terminals: TerminalEvent[];
  readonly effects: EffectEvent[];
}

/** All that happened to one agent: the tasks submitted for it, its runs by time and its journal by `order`. */
export interface AgentRecord {
  readonly agent: string;
  readonly tasks: TaskRecord[];
  readonly runs: Run[];
  journal: JournalEvent[];
}

/** An entry of the journal, of whatever kind. */
export type PoolEvent = JournalEvent | WorkerEvent | LeaderEvent | BreakerEvent | RepairedEvent;

/** A history, looked up by task and by agent. */
export interface HistoryIndex {
  /** The events, ordered by `t`. */
  readonly events: readonly HistoryEvent[];
  readonly tasks: ReadonlyMap<string, TaskRecord>;
  readonly agents: ReadonlyMap<string, AgentRecord>;
  /** Ends that belong to no start. */
  readonly orphanEnds: readonly EndEvent[];
  /** The whole journal by `order`. */
  readonly journal: readonly PoolEvent[];
  readonly faults: readonly FaultEvent[];
  /** The faults that struck no worker in particular. */
  readonly faultsOnAll: readonly FaultEvent[];
  /** The proofs of faults by their number. */
  readonly proofs: ReadonlyMap<number, ProofEvent>;
  /** The faults that struck one worker, by that worker. */
  readonly faultsByWorker: ReadonlyMap<string, readonly FaultEvent[]>;
  readonly finals: readonly FinalEvent[];
}

/** Indexes a history in one pass after sorting it by `t`; events of one microsecond keep their order. */
export function indexHistory(history: readonly HistoryEvent[]): HistoryIndex {
  const events = [...history].sort((left, right) => left.t - right.t);
  const tasks = new Map<string, TaskRecord>();
  const agents = new Map<string, AgentRecord>();
  const openRuns = new Map<string, Run[]>();
  const orphanEnds: EndEvent[] = [];
  const journal: PoolEvent[] = [];
  const proofs = new Map<number, ProofEvent>();
  const faults: FaultEvent[] = [];
  const faultsByWorker = new Map<string, FaultEvent[]>();
  const finals: FinalEvent[] = [];

  const taskOf = (task: string): TaskRecord =>
    entry(tasks, task, () => ({ task, submits: [], oks: [], fails: [], runs: [], terminals: [], effects: [] }));
  const agentOf = (agent: string): AgentRecord =>
    entry(agents, agent, () => ({ agent, tasks: [], runs: [], journal: [] }));

  for (const event of events) {
    switch (event.e) {
      case 'submit': {
        const record = taskOf(event.task);
        if (record.submits.length === 0 && event.agent !== null) agentOf(event.agent).tasks.push(record);
        record.submits.push(event);
        break;
      }
      case 'ok':
        taskOf(event.task).oks.push(event);
        break;
      case 'fail':
        taskOf(event.task).fails.push(event);
        break;
      case 'info':
        break;
      case 'placed':
      case 'moved':
        agentOf(event.agent).journal.push(event);
        journal.push(event);
        break;
      case 'worker':
      case 'leader':
      case 'breaker':
      case 'repaired':
        journal.push(event);
        break;
      case 'start': {
        const run: Run = { start: event, end: null };
        taskOf(event.task).runs.push(run);
        if (event.agent !== null) agentOf(event.agent).runs.push(run);
        entry(openRuns, runKey(event), () => []).push(run);
        break;
      }
      case 'end': {
        const run = openRuns.get(runKey(event))?.shift();
        if (run === undefined) orphanEnds.push(event);
        else run.end = event;
        break;
      }
      case 'effect':
        taskOf(event.task).effects.push(event);
        break;
      case 'terminal':
        taskOf(event.task).terminals.push(event);
        break;
      case 'fault':
        faults.push(event);
        if (event.worker !== undefined) entry(faultsByWorker, event.worker, () => []).push(event);
        break;
      case 'proof':
        proofs.set(event.n, event);
        break;
      case 'final':
        finals.push(event);
        break;
    }
  }
  for (const agent of agents.values()) agent.journal = inJournalOrder(agent.journal);
  return {
    ...{ events, tasks, agents, orphanEnds, journal: inJournalOrder(journal) },
    ...{ faults, faultsByWorker, faultsOnAll: faults.filter(({ worker }) => worker === undefined), proofs, finals },
  };
}

/** Sorts by `order` and drops entries that a second reader of the journal wrote as well. */
function inJournalOrder<Event extends PoolEvent>(journal: readonly Event[]): Event[] {
  const sorted = [...journal].sort((left, right) => left.order - right.order || left.t - right.t);
  return sorted.filter((event, index) => event.order !== sorted[index - 1]?.order);
}

function runKey(event: StartEvent | EndEvent): string {
  return `${event.pid} ${event.attempt} ${event.worker.length} ${event.worker} ${event.task}`;
}

function entry<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
