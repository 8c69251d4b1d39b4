import { seededRandom } from '@shunt/workload';
import { scheduleFleetEvent } from './engine/fleet-events.js';
import type { Policy } from './engine/policy.js';
import { Simulation } from './engine/simulation.js';
import { StateAsRecorded } from './engine/warm-states.js';
import { type Figures, measure, quantile, recoverySeconds, type Span, waitsBySecond } from './measure.js';
import { ideal } from './policies/catalogue.js';
import { SharedQueue } from './policies/shared-queue.js';
import type { Scenario } from './scenarios.js';
import { sessions } from './workload/sessions.js';
import { synthetic } from './workload/synthetic.js';
import { traced } from './workload/traced.js';
import type { Traces } from './workload/traces.js';
import type { Workload } from './workload/workload.js';

/** A policy in one scenario, for one seed, beside the ideal. */
export interface Outcome extends Figures {
  readonly policy: string;
  /** p99 wait over that of the ideal (R1). */
  readonly waitRatio: number;
  /** p99 sojourn over that of the ideal (J1). */
  readonly sojournRatio: number;
  /** Warm share over that of the ideal; 1 where that has none, as there is nothing to lose. */
  readonly relativeWarm: number;
  /** Seconds after the scenario's event until waits are the ideal's again; null for never, absent without an event. */
  readonly recoverySeconds?: number | null;
}

/** One scenario with one seed: its workload, drawn once, and what the ideal makes of it. */
export class ScenarioRun {
  readonly ideal: Figures;
  private readonly workload: Workload;
  private readonly eventMs: number | undefined;
  private readonly span: Span;
  private readonly limitMs: number;

  constructor(
    private readonly scenario: Scenario,
    private readonly seed: number,
    traces: Traces,
  ) {
    this.workload = workloadOf(scenario, seed, traces);
    this.eventMs = scenario.event && this.arrivalOf(scenario.event.at);
    const sim = this.simulate(ideal.make());
    this.span = this.spanOf(sim);
    this.ideal = measure(sim, this.span, this.workload.meanServiceMs);
    this.limitMs = usualWait(sim, this.workload.meanServiceMs);
  }

  /** Simulates a policy to its end. */
  simulate(policy: Policy): Simulation {
    const random = seededRandom(this.seed * 104_729 + 17);
    const sim = new Simulation({ ...this.workload, workers: this.scenario.workers, policy, random });
    for (const what of this.scenario.event?.what ?? []) scheduleFleetEvent(sim, this.eventMs as number, what);
    sim.run();
    return sim;
  }

  /** A simulated run in figures. */
  outcome(policy: string, sim: Simulation): Outcome {
    const { meanServiceMs } = this.workload;
    const figures = measure(sim, this.span, meanServiceMs);
    return {
      policy,
      ...figures,
      waitRatio: figures.waitP99 / this.ideal.waitP99,
      sojournRatio: figures.sojournP99 / this.ideal.sojournP99,
      relativeWarm: this.ideal.warm === 0 ? 1 : figures.warm / this.ideal.warm,
      ...(this.eventMs === undefined
        ? {}
        : {
            recoverySeconds: recoverySeconds(
              sim,
              { ...this.span, fromMs: this.eventMs, toMs: this.lastMs },
              this.limitMs,
            ),
          }),
    };
  }

  /** p99 wait over that of an ideal queue in which the same tasks are cold (R2): what queueing alone adds. */
  sameWorkRatio(sim: Simulation): number {
    const sameWork = this.simulate(new SharedQueue(new StateAsRecorded(sim.tasks), true));
    return this.waitP99(sim) / this.waitP99(sameWork);
  }

  private waitP99(sim: Simulation): number {
    return measure(sim, this.span, this.workload.meanServiceMs).waitP99;
  }

  private get lastMs(): number {
    return this.arrivalOf(1);
  }

  /** When a share of the tasks has arrived. */
  private arrivalOf(share: number): number {
    const { tasks } = this.workload;
    return tasks[Math.floor(share * (tasks.length - 1))]?.atMs ?? 0;
  }

  /** The 120 s after an event; half of a start on empty workers; else all after the first 30 %, 40 % of a closed loop. */
  private spanOf(sim: Simulation): Span {
    if (this.scenario.workload.kind === 'sessions') return { fromMs: 0.4 * sim.nowMs, toMs: sim.nowMs };
    if (this.eventMs === undefined) return { fromMs: this.arrivalOf(0.3), toMs: this.lastMs };
    if (this.eventMs === this.arrivalOf(0)) return { fromMs: 0, toMs: this.lastMs / 2 };
    return { fromMs: this.eventMs, toMs: Math.min(this.lastMs, this.eventMs + 120_000) };
  }
}

/** Twice the ideal's usual p90 wait in the last quarter of a run, or one service time more than it. */
function usualWait(sim: Simulation, meanServiceMs: number): number {
  const lastMs = sim.tasks.at(-1)?.arriveMs ?? 0;
  const usual = quantile(Float64Array.from(waitsBySecond(sim, { fromMs: 0.75 * lastMs, toMs: lastMs })), 0.5);
  return Math.max(2 * usual, usual + meanServiceMs);
}

function workloadOf({ workload, workers }: Scenario, seed: number, traces: Traces): Workload {
  if (workload.kind === 'synthetic') return synthetic(workload.shape, workers, seed);
  if (workload.kind === 'sessions') return sessions(workload.shape, workers, seed);
  return traced(traces, workload.shape, workers, seed);
}
