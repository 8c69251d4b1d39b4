import { seededRandom } from '@shunt/workload';
import { Ledger } from '../effects/ledger.js';
import type { EndEvent, HistoryEvent, StartEvent, TerminalEvent, UnstampedEvent } from '../history/events.js';

/** What kind of legal run to make up; shares are in [0, 1]. */
export interface LegalRunOptions {
  readonly seed: number;
  readonly tasks: number;
  readonly agents: number;
  readonly workers: number;
  /** Share of the runs that fail; the third failure is final. Defaults to 0. */
  readonly failShare?: number;
  /**
   * Whether tasks are delayed, cancelled, refused, of unknown outcome or without an agent, expire, are postponed, belong on another worker
   * or are to be tried again on one. Defaults to false.
   */
  readonly hasOddTasks?: boolean;
  /** Whether agents move and sessions end. Defaults to false. */
  readonly hasMoves?: boolean;
  /** Whether workers are killed and stopped. Defaults to false. */
  readonly hasFaults?: boolean;
}

type Submit = Extract<UnstampedEvent, { e: 'submit' }>;
/** What an odd task of an agent may be. */
const oddKinds: readonly Partial<Submit>[] = [{ delayed: true }, { ttlMs: 2 }, { isElsewhere: true }];

type CurrentState = 'yard' | 'lane' | 'running' | 'retry';

interface Task {
  readonly submit: Submit;
  /** When its ttl is over. */
  lateAtUs: number;
  attempt: number;
  failures: number;
  /** Workers that refused it, or where it failed and is not to be tried again. */
  readonly avoids: Set<string>;
  /** When it may be tried again. */
  dueUs: number;
}

interface Call {
  readonly task: Task;
  isAccepted: boolean;
}

interface Agent {
  readonly name: string;
  readonly mailbox: Task[];
  current: { readonly task: Task; state: CurrentState } | null;
  home: string | null;
  /** The home it has lost, and why. */
  former: string | null;
  why: string;
  fence: number;
}

interface Running {
  readonly task: Task;
  readonly agent: Agent | null;
  readonly start: Omit<StartEvent, 't'>;
}

/**
 * Makes up the history of a legal run: a random interleaving of the steps that the design allows, with a virtual clock.
 *
 * Repeatable by its seed. Observers (journal, terminal states) are late by a random number of steps. Times are
 * multiples of 10 us, so that a planted event fits between any two.
 */
export function legalHistory(options: LegalRunOptions): HistoryEvent[] {
  return new LegalRun(options).run();
}

class LegalRun {
  private readonly random: () => number;
  private readonly events: HistoryEvent[] = [];
  private readonly agents: Agent[];
  private readonly workers: string[];
  private readonly calls: Call[] = [];
  private readonly delayed: Task[] = [];
  private readonly loose: Task[] = [];
  private readonly running: Running[] = [];
  private readonly zombies: Running[] = [];
  private readonly journal: UnstampedEvent[] = [];
  private readonly settled: UnstampedEvent[] = [];
  private t = 1_000;
  private submitted = 0;
  private fence = 0;
  private order = 0;
  private faults = 0;
  private term = 0;
  private open: string | null = null;
  private readonly effects = new Ledger();

  constructor(private readonly options: LegalRunOptions) {
    this.random = seededRandom(options.seed);
    this.workers = Array.from({ length: options.workers }, (_, n) => `w${n + 1}`);
    this.agents = Array.from({ length: options.agents }, (_, n) => ({
      name: `a${n + 1}`,
      mailbox: [],
      current: null,
      home: null,
      former: null,
      why: 'dead',
      fence: 0,
    }));
  }

  run(): HistoryEvent[] {
    const always = [this.submit, this.answer, this.place, this.start, this.start, this.end, this.end, this.retry];
    const steps = [...always, this.due, this.startLoose, this.endZombie, this.observe, this.observe, this.observe];
    if (this.options.hasOddTasks) steps.push(this.cancel);
    if (this.options.hasMoves) steps.push(this.move, this.forget, this.switchBreaker);
    if (this.options.hasFaults) steps.push(this.fault);
    this.lead();
    for (const worker of this.workers) this.tellOf(worker, 'joined');
    while (!this.isDone()) this.pick(steps)?.call(this);
    this.emit({ e: 'final', counts: { intake: 0, yard: 0, lanes: 0, mailboxes: 0, delayed: 0 } });
    return this.events;
  }

  private isDone(): boolean {
    const lists = [this.calls, this.delayed, this.loose, this.running, this.zombies, this.journal, this.settled];
    const isQuiet = lists.every((list) => list.length === 0) && this.agents.every((agent) => agent.current === null);
    return isQuiet && this.submitted === this.options.tasks;
  }

  private submit(): void {
    if (this.submitted === this.options.tasks) return;
    const n = ++this.submitted;
    const isOdd = this.options.hasOddTasks === true && this.random() < 0.2;
    const agent = isOdd && this.random() < 0.5 ? null : (this.pick(this.agents)?.name ?? null);
    const task = `${agent ?? ''}~${n}`;
    const kind = isOdd && agent !== null ? this.pick(oddKinds) : {};
    const submit: Submit = { e: 'submit', task, agent, n, ...kind };
    this.emit(submit);
    const lateAtUs = this.t + (submit.ttlMs ?? Infinity) * 1000;
    const fresh = { submit, lateAtUs, attempt: 0, failures: 0, avoids: new Set<string>(), dueUs: 0 };
    this.calls.push({ task: fresh, isAccepted: false });
  }

  private answer(): void {
    const call = this.pick(this.calls);
    if (call === undefined) return;
    const { task } = call.task.submit;
    const luck = this.options.hasOddTasks === true ? this.random() : 1;
    if (call.isAccepted) {
      remove(this.calls, call);
      this.emit(luck < 0.1 ? { e: 'info', task } : { e: 'ok', task });
    } else if (luck < 0.1) {
      remove(this.calls, call);
      this.emit(luck < 0.05 ? { e: 'info', task } : { e: 'fail', task, code: 'POOL_FULL' });
    } else {
      call.isAccepted = true;
      if (call.task.submit.delayed === true) this.delayed.push(call.task);
      else this.arrive(call.task);
    }
  }

  private due(): void {
    const task = this.pick(this.delayed);
    if (task === undefined) return;
    remove(this.delayed, task);
    this.arrive(task);
  }

  private arrive(task: Task): void {
    const agent = this.agents.find(({ name }) => name === task.submit.agent);
    if (agent === undefined) this.loose.push(task);
    else if (agent.current !== null) agent.mailbox.push(task);
    else agent.current = { task, state: agent.home === null ? 'yard' : 'lane' };
  }

  private place(): void {
    const agent = this.agentIn('yard');
    if (agent?.current) this.assign(agent, 'new');
  }

  private assign(agent: Agent, reason: string): void {
    const avoided = agent.current?.task.avoids;
    const others = this.workers.filter(
      (worker) => worker !== agent.home && worker !== this.open && !avoided?.has(worker),
    );
    const worker = this.pick(others);
    if (worker === undefined || agent.current === null) return;
    const from = agent.home ?? agent.former;
    const why = from === worker && agent.why === 'dead' ? 'restart' : agent.former === null ? reason : agent.why;
    agent.home = worker;
    agent.former = null;
    agent.fence = ++this.fence;
    agent.current.state = 'lane';
    const assignment = { agent: agent.name, worker, reason: why, fence: agent.fence, order: ++this.order };
    this.journal.push(from === null ? { e: 'placed', ...assignment } : { e: 'moved', from, ...assignment });
  }

  private lead(): void {
    this.term += 1;
    this.journal.push({ e: 'leader', dispatcher: `d${this.term}`, term: this.term, order: ++this.order });
  }

  private tellOf(worker: string, state: 'joined' | 'evicted'): void {
    const term = state === 'evicted' ? { term: this.term } : {};
    this.journal.push({ e: 'worker', worker, state, order: ++this.order, ...term });
  }

  private switchBreaker(): void {
    if (this.random() > 0.02) return;
    const worker = this.open ?? this.pick(this.workers) ?? '';
    const to = this.open === null ? 'open' : 'closed';
    this.open = this.open === null ? worker : null;
    this.journal.push({ e: 'breaker', worker, to, order: ++this.order });
  }

  private move(): void {
    const agent = this.agentIn('lane');
    if (agent !== undefined) this.assign(agent, 'idle-pull');
  }

  private forget(): void {
    const agent = this.pick(this.agents);
    if (agent?.current !== null) return;
    agent.home = null;
    agent.former = null;
  }

  private start(): void {
    const agent = this.agentIn('lane');
    if (agent?.current == null || agent.home === null) return;
    const { task } = agent.current;
    if (task.attempt === 0 && task.lateAtUs < this.t) {
      this.settle(agent, task, 'expired');
      return;
    }
    agent.current.state = 'running';
    this.begin(agent.current.task, agent, agent.home, agent.fence);
  }

  private startLoose(): void {
    const task = this.loose.shift();
    if (task !== undefined) this.begin(task, null, this.pick(this.workers) ?? '', 0);
  }

  private begin(task: Task, agent: Agent | null, worker: string, fence: number): void {
    task.attempt += 1;
    const identity = { task: task.submit.task, agent: agent?.name ?? null, worker, attempt: task.attempt };
    const home = this.random() < 0.5 ? 'warm' : 'cold';
    const start = { e: 'start', ...identity, fence, home, pid: 100 + this.workers.indexOf(worker) } as const;
    this.running.push({ task, agent, start });
    this.emit(start);
  }

  private end(): void {
    const run = this.pick(this.running);
    if (run === undefined) return;
    remove(this.running, run);
    if (this.refuse(run)) return;
    const isFailed = this.random() < (this.options.failShare ?? 0);
    if (!isFailed) this.writeEffect(run);
    const isTriedAgain = isFailed && ++run.task.failures < 3;
    const isPostponed = isTriedAgain && run.agent !== null && this.isOdd(0.3);
    this.emitEnd(run, isPostponed ? 'postponed' : isFailed ? 'failed' : 'completed', isPostponed ? { laterMs: 1 } : {});
    if (isTriedAgain) this.putOff(run, isPostponed ? 1000 : 0);
    else this.settle(run.agent, run.task, isFailed ? 'failed' : 'completed');
  }

  private settle(agent: Agent | null, task: Task, state: TerminalEvent['state']): void {
    this.settled.push({ e: 'terminal', task: task.submit.task, state });
    if (agent === null) return;
    const next = agent.mailbox.shift();
    agent.current = next === undefined ? null : { task: next, state: agent.home === null ? 'yard' : 'lane' };
  }

  private refuse(run: Running): boolean {
    if (run.agent?.current == null || run.task.avoids.size > 0 || !this.isOdd(0.05)) return false;
    this.emitEnd(run, 'refused');
    this.loseHome(run.agent, run, 'wrong-worker');
    run.agent.current.state = 'yard';
    return true;
  }

  private putOff({ task, agent, start }: Running, laterUs: number): void {
    if (agent?.current == null) {
      this.loose.push(task);
      return;
    }
    agent.current.state = 'retry';
    task.dueUs = this.t + laterUs;
    if (task.submit.isElsewhere && task.avoids.size === 0) this.loseHome(agent, { task, start }, 'retry-elsewhere');
  }

  private loseHome(agent: Agent, { task, start }: Pick<Running, 'task' | 'start'>, why: string): void {
    task.avoids.add(start.worker);
    if (agent.home === null) return;
    agent.former = agent.home;
    agent.why = why;
    agent.home = null;
  }

  private retry(): void {
    const agent = this.agentIn('retry');
    if (!agent?.current) return;
    this.t = Math.max(this.t, agent.current.task.dueUs);
    agent.current.state = agent.home === null ? 'yard' : 'lane';
  }

  private isOdd(share: number): boolean {
    return this.options.hasOddTasks === true && this.random() < share;
  }

  private cancel(): void {
    const agent = this.pick(this.agents);
    const task = agent === undefined ? undefined : this.pick(agent.mailbox);
    if (agent === undefined || task === undefined || this.random() > 0.1) return;
    remove(agent.mailbox, task);
    this.settled.push({ e: 'terminal', task: task.submit.task, state: 'cancelled' });
  }

  private fault(): void {
    const worker = this.pick(this.workers);
    if (worker === undefined || this.faults >= 10 || this.random() > 0.05) return;
    this.faults += 1;
    const isKill = this.random() < 0.5;
    this.emit({ e: 'fault', name: isKill ? 'kill' : 'stop', detail: 'signal', worker, n: this.faults });
    this.emit({ e: 'proof', n: this.faults, seen: 'it was' });
    if (this.random() < 0.5) this.lead();
    this.tellOf(worker, 'evicted');
    this.tellOf(worker, 'joined');
    const poisoned: Running[] = [];
    for (const run of this.running.filter(({ start }) => start.worker === worker)) {
      remove(this.running, run);
      if (!isKill) this.zombies.push(run);
      if (run.agent === null) this.loose.push(run.task);
      else if (!isKill && this.random() < 0.3) poisoned.push(run);
    }
    for (const agent of this.agents.filter(({ home }) => home === worker)) {
      agent.former = worker;
      agent.why = 'dead';
      agent.home = null;
      if (agent.current !== null && agent.current.state !== 'retry') agent.current.state = 'yard';
    }
    for (const { agent, task } of poisoned) this.settle(agent, task, 'failed');
  }

  private endZombie(): void {
    const run = this.pick(this.zombies);
    if (run === undefined || this.random() > 0.2) return;
    remove(this.zombies, run);
    this.writeEffect(run);
    this.emitEnd(run, this.random() < 0.5 ? 'failed' : 'completed');
  }

  private writeEffect({ start }: Running): void {
    const { task, agent, worker, attempt, fence, pid } = start;
    const effect = { task, agent, worker, attempt, fence };
    this.emit({ e: 'effect', ...effect, verdict: this.effects.write(effect) }, pid);
  }

  private emitEnd({ start }: Running, outcome: EndEvent['outcome'], more: Pick<EndEvent, 'laterMs'> = {}): void {
    const { task, agent, worker, attempt, pid } = start;
    this.emit({ e: 'end', task, agent, worker, attempt, outcome, ...more }, pid);
  }

  private observe(): void {
    const event = this.random() < 0.5 ? this.journal.shift() : this.settled.shift();
    if (event !== undefined) this.emit(event);
  }

  private agentIn(state: CurrentState): Agent | undefined {
    return this.pick(this.agents.filter((agent) => agent.current?.state === state));
  }

  private emit(event: UnstampedEvent, pid = 1): void {
    this.t += 10 * (1 + Math.floor(this.random() * 50));
    this.events.push({ pid, ...event, t: this.t } as HistoryEvent);
  }

  private pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.random() * items.length)];
  }
}

function remove<Item>(items: Item[], item: Item): void {
  items.splice(items.indexOf(item), 1);
}
