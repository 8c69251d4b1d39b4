/**
 * What every event of a run's history carries.
 *
 * `t` is in microseconds of CLOCK_MONOTONIC, which all processes of one machine share, so events of several files
 * can be put in one order. `pid` is the process that wrote the event.
 */
export interface Stamp {
  readonly t: number;
  readonly pid: number;
}

/**
 * A producer is about to call enqueue; written before the call.
 *
 * `agent` is null for a task without an agent. `n` is the producer's sequence number. `delayed` marks a task with a
 * delay, which the order rule leaves alone. Defaults to not delayed. `ttlMs` is how long it may wait for its first start, for ever by
 * default. `isElsewhere` marks one that is to be tried again where it has not failed. Defaults to anywhere. The same id may be submitted again.
 */
export interface SubmitEvent extends Stamp {
  readonly e: 'submit';
  readonly task: string;
  readonly agent: string | null;
  readonly n: number;
  readonly delayed?: boolean;
  readonly ttlMs?: number;
  readonly isElsewhere?: boolean;
}

/** Enqueue resolved: from here on the task must not be lost. */
export interface OkEvent extends Stamp {
  readonly e: 'ok';
  readonly task: string;
}

/** Enqueue was refused for sure; `code` is the code of the ShuntError. An unknown outcome is an `info` instead. */
export interface FailEvent extends Stamp {
  readonly e: 'fail';
  readonly task: string;
  readonly code: string;
}

/** The outcome of enqueue is unknown (a deadline, a lost connection): the task may run or may never have existed. */
export interface InfoEvent extends Stamp {
  readonly e: 'info';
  readonly task: string;
}

/**
 * The journal says that an agent without a home got one.
 *
 * `order` grows strictly with every entry of the journal. `t` is when the entry was read, so it is never earlier than
 * the placement itself, and may be later than the start that follows it.
 */
export interface PlacedEvent extends Stamp {
  readonly e: 'placed';
  readonly agent: string;
  readonly worker: string;
  readonly reason: string;
  readonly fence: number;
  readonly order: number;
}

/** The journal says that an agent went from its home `from` to another; `order` and `t` as in a placement. */
export interface MovedEvent extends Stamp {
  readonly e: 'moved';
  readonly agent: string;
  readonly from: string;
  readonly worker: string;
  readonly reason: string;
  readonly fence: number;
  readonly order: number;
}

/**
 * The journal says what became of a worker: a life of it `joined`, or it may receive again; it `drained` and takes nothing new, it `left`, or a leader
 * `evicted` it as dead, under its `term`. `order` and `t` as in a placement.
 */
export interface WorkerEvent extends Stamp {
  readonly e: 'worker';
  readonly worker: string;
  readonly state: 'joined' | 'drained' | 'left' | 'evicted';
  readonly order: number;
  readonly term?: number;
}

/** The journal says that a dispatcher began to lead under a new term; `order` and `t` as in a placement. */
export interface LeaderEvent extends Stamp {
  readonly e: 'leader';
  readonly dispatcher: string;
  readonly term: number;
  readonly order: number;
}

/** The journal says that the breaker of a worker changed; `order` and `t` as in a placement. */
export interface BreakerEvent extends Stamp {
  readonly e: 'breaker';
  readonly worker: string;
  readonly to: 'open' | 'half-open' | 'closed';
  readonly order: number;
}

/**
 * The journal says that the watchdog put an agent right that no move should have left so, or with an empty name the lane of a worker;
 * `order` and `t` as in a placement.
 */
export interface RepairedEvent extends Stamp {
  readonly e: 'repaired';
  readonly agent: string;
  readonly worker: string;
  readonly reason: string;
  readonly order: number;
}

/**
 * A handler begins.
 *
 * `fence` is 0 for a task without an agent. `attempt` counts the starts of the task (in BullMQ `attemptsStarted`), so that
 * each start has its own. `home` says whether the worker held the state of the agent.
 */
export interface StartEvent extends Stamp {
  readonly e: 'start';
  readonly task: string;
  readonly agent: string | null;
  readonly worker: string;
  readonly fence: number;
  readonly attempt: number;
  readonly home: 'warm' | 'cold';
}

/**
 * A handler is done, written in its `finally`; same task, worker, attempt and process as its start. `refused`: the task does not belong
 * on this worker. `postponed`: it is to be tried again, after `laterMs`.
 */
export interface EndEvent extends Stamp {
  readonly e: 'end';
  readonly task: string;
  readonly agent: string | null;
  readonly worker: string;
  readonly attempt: number;
  readonly outcome: 'completed' | 'failed' | 'refused' | 'postponed';
  readonly laterMs?: number;
}

/**
 * The effect store has judged the effect of a handler: `accepted` at most once per task, `repeated` when it had been, `stale`
 * when the agent had written under a higher fence.
 */
export interface EffectEvent extends Stamp {
  readonly e: 'effect';
  readonly task: string;
  readonly agent: string | null;
  readonly worker: string;
  readonly fence: number;
  readonly attempt: number;
  readonly verdict: 'accepted' | 'repeated' | 'stale';
}

/** A task was seen to be settled for good; `t` is when the observer heard of it, so it may be late. */
export interface TerminalEvent extends Stamp {
  readonly e: 'terminal';
  readonly task: string;
  readonly state: 'completed' | 'failed' | 'cancelled' | 'expired';
}

/**
 * The harness is about to inject a fault; written before the injection.
 *
 * `worker` is the victim when the fault kills, stops or cuts off one worker. Only such a fault excuses a handler that
 * never ended or that overlaps its successor. Defaults to no particular victim, which is anybody.
 *
 * `isNetwork` marks one that cuts the victim off but lets it run: it then fences itself, so it overlaps a successor for a moment
 * at most. Defaults to false.
 *
 * `n` numbers a fault that must be proved: without a {@link ProofEvent} of the same number the run shows nothing.
 */
export interface FaultEvent extends Stamp {
  readonly e: 'fault';
  readonly name: string;
  readonly detail: string;
  readonly worker?: string;
  readonly isNetwork?: boolean;
  readonly n?: number;
}

/** The harness has seen that fault `n` took place; `seen` says by what. */
export interface ProofEvent extends Stamp {
  readonly e: 'proof';
  readonly n: number;
  readonly seen: string;
}

/** What is left in each list when the run is over, by the name of the list. */
export interface FinalEvent extends Stamp {
  readonly e: 'final';
  readonly counts: Readonly<Record<string, number>>;
}

/** One event of a run's history, told apart by `e`. */
export type HistoryEvent =
  | SubmitEvent
  | OkEvent
  | FailEvent
  | InfoEvent
  | PlacedEvent
  | MovedEvent
  | WorkerEvent
  | LeaderEvent
  | BreakerEvent
  | RepairedEvent
  | StartEvent
  | EndEvent
  | EffectEvent
  | TerminalEvent
  | FaultEvent
  | ProofEvent
  | FinalEvent;

/** An entry of the pool's journal that gives an agent to a worker. */
export type JournalEvent = PlacedEvent | MovedEvent;

type WithoutStamp<Event> = Event extends Stamp ? Omit<Event, keyof Stamp> : never;

/** An event as its writer is given it: the stamp is added when it is written. */
export type UnstampedEvent = WithoutStamp<HistoryEvent>;
