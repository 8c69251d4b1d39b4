import { randomUUID } from 'node:crypto';
import { OutcomeWindow, type SelfRules, type TripReason, tripOf } from '@shunt/health';
import { type Job, UnrecoverableError } from 'bullmq';
import { LoadCounters } from '../load/load-counters.js';
import { ProcessMeter } from '../load/process-load.js';
import { affinityOf } from '../load/wait-times.js';
import type { Live } from '../pool-config/config-watcher.js';
import type { AgentOfTask } from './held-tasks.js';
import { OwnPace } from './own-pace.js';

/** Options of {@link Vitals}. */
export interface VitalsOptions {
  /** From when on the worker takes itself for sick, null for never. */
  readonly tuning: Live<{ readonly rules: SelfRules | null }>;
  /** How long a worker that takes itself for sick takes nothing, so that the dispatcher can say what to do with it. */
  readonly holdMs: number;
  readonly agentOf: (task: string) => AgentOfTask | undefined;
  /** Called when it begins to take itself for sick, and when it takes tasks again afterwards. */
  readonly onChange: () => void;
}

/** The events of a BullMQ worker that tell what it does. */
interface Watched {
  on(event: 'active' | 'completed', listener: (job: Job) => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
}

/** After a hold that changed nothing there is no other one for so many times its length: not every failure is the worker's. */
const holdsApart = 30;

/** What a worker knows of its own state: what its tasks did, what its process is like, and whether it is sick. */
export class Vitals {
  /** Names its counts. */
  private readonly countsOf = randomUUID();
  private readonly counters = new LoadCounters();
  private readonly meter = new ProcessMeter();
  private window: { readonly of: SelfRules; readonly outcomes: OutcomeWindow } | undefined;
  /** How long its tasks take beside its own past. */
  readonly pace = new OwnPace();
  private trips = 0;
  private tripReason: TripReason | null = null;
  private holdsAgainAtMs = 0;
  private hold: NodeJS.Timeout | undefined;
  /** Whether the tasks that run found their agents' states. */
  private readonly homes = new WeakMap<Job, 'warm' | 'cold'>();

  constructor(private readonly options: VitalsOptions) {}

  /** Whether the worker may take tasks: not for a moment after it took itself for sick. */
  get mayFetch(): boolean {
    return this.hold === undefined;
  }

  /** Follows what a worker does. */
  watch(worker: Watched): void {
    worker.on('active', (job) => this.started(job));
    worker.on('completed', (job) => {
      this.counters.ended('completed', true);
      this.counters.ran(job.name, Math.max(0, durationOf(job)));
      this.counters.took(Math.max(0, durationOf(job)), this.homes.get(job));
      this.pace.ended(durationOf(job), performance.now());
      this.ended(job, false);
    });
    worker.on('failed', (job, error) => {
      const isBlamed = !blamesTask(error);
      const isForGood = job?.finishedOn !== undefined;
      this.counters.ended(error.name === 'RetryLater' && !isForGood ? 'postponed' : 'failed', isForGood, isBlamed);
      if (!job) return;
      this.counters.ran(job.name, Math.max(0, durationOf(job)));
      this.ended(job, isBlamed);
    });
  }

  /** What the next heartbeat tells. */
  read() {
    const { countsOf, trips, tripReason } = this;
    const slowdown = this.pace.slowdown(performance.now());
    return { ...this.counters.counts(), ...this.meter.read(), trips, tripReason, countsOf, slowdown };
  }

  /** Measures no longer. */
  stop(): void {
    clearTimeout(this.hold);
    this.meter.stop();
  }

  private started(job: Job): void {
    const { attemptsStarted, processedOn = 0, timestamp, delay, id = '' } = job;
    const agent = this.options.agentOf(id);
    const home = agent && agent.agent !== '' ? agent.home : 'none';
    if (home !== 'none') this.homes.set(job, home);
    const waitMs = attemptsStarted === 1 ? Math.max(0, processedOn - timestamp - (delay ?? 0)) : null;
    const eligibleMs = home === 'none' ? waitMs : (agent?.waitedMs ?? null);
    const affinity = affinityOf((job.opts as { affinity?: unknown }).affinity, home !== 'none');
    this.counters.started(home, { affinity, waitMs, eligibleMs }, Date.now());
  }

  private ended(job: Job, isFailure: boolean): void {
    const { rules } = this.options.tuning.current;
    if (!rules) return;
    const nowMs = performance.now();
    const outcomes = this.outcomesBy(rules);
    outcomes.add({ agent: agentNameOf(job), isFailure, durationMs: durationOf(job) }, nowMs);
    if (outcomes.isClean(nowMs)) return;
    const reason = tripOf(outcomes.sums(nowMs), rules);
    if (reason !== null) this.trip(reason, nowMs);
  }

  /** The attempts so far as the rules see them; another window, or another measure of slow, begins anew. */
  private outcomesBy(rules: SelfRules): OutcomeWindow {
    const { of, outcomes } = this.window ?? {};
    const isSame = of?.windowMs === rules.windowMs && of.slowMs === rules.slowMs;
    this.window = {
      of: rules,
      outcomes: isSame && outcomes ? outcomes : new OutcomeWindow(rules.windowMs, rules.slowMs),
    };
    return this.window.outcomes;
  }

  /** What has led to a trip is forgotten: the next one has reasons of its own. */
  private trip(reason: TripReason, nowMs: number): void {
    const { holdMs, onChange } = this.options;
    this.window?.outcomes.clear();
    this.trips++;
    this.tripReason = reason;
    if (nowMs >= this.holdsAgainAtMs) {
      this.holdsAgainAtMs = nowMs + holdsApart * holdMs;
      this.hold = setTimeout(() => {
        this.hold = undefined;
        onChange();
      }, holdMs);
    }
    onChange();
  }
}

/** Names of errors by which a handler says what is to become of its task: the SDK's and BullMQ's. */
const sayings: ReadonlySet<string> = new Set(['UnrecoverableError', 'RetryLater', 'WrongWorker']);

/** Whether an error says that its task was at fault, or somebody else, and not who ran it. */
function blamesTask(error: Error): boolean {
  return error instanceof UnrecoverableError || sayings.has(error.name);
}

/** How long an attempt took that has just ended, in ms. */
function durationOf({ finishedOn = Date.now(), processedOn = 0 }: Job): number {
  return finishedOn - processedOn;
}

/** The agent as far as its task tells it: a task without one stands for itself. */
function agentNameOf({ id = '', data }: Job): string {
  const { agentId } = (data ?? {}) as { agentId?: unknown };
  return typeof agentId === 'string' ? agentId : id;
}
