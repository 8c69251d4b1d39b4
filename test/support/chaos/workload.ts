import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, seededRandom, zipfSampler } from '@shunt/workload';
import type { Submission } from '../harness/producer.js';
import type { Run } from '../harness/run.js';

/** What is submitted while a pool is tormented. */
export interface WorkloadOptions {
  readonly seed: number;
  readonly agents: number;
  readonly workers: number;
  readonly tasksPerSecond: number;
}

const chance = (random: Random, share: number) => random() < share;
const whole = (random: Random, from: number, to: number) => from + Math.floor(random() * (to - from));

/**
 * Draws the tasks of a run: most take up to 120 ms, some longer than a lease; some fail once, are delayed, belong to no agent, or
 * come from a plain BullMQ producer. Of those that fail a third ask for a time to be tried again, a third to be so on another worker. Some
 * do not belong on one of the workers, and some are not to start after a while.
 */
export function drawTask(n: number, { workers }: WorkloadOptions, rank: () => number, random: Random): Submission {
  const agentId = chance(random, 0.05) ? null : `agent-${rank()}`;
  const costMs = chance(random, 0.01) ? whole(random, 1500, 3000) : whole(random, 0, 120);
  const refused = chance(random, 0.05) ? { refusedBy: `w${whole(random, 1, workers + 1)}` } : {};
  if (chance(random, 0.1)) return { n, agentId, costMs, failures: 0, isPlain: true, ...refused };
  const delay = chance(random, 0.05) ? { delay: whole(random, 100, 600) } : {};
  const ttl = chance(random, 0.05) ? { ttl: whole(random, 200, 2000) } : {};
  const options = { attempts: 3, backoff: 100, ...delay, ...ttl };
  const turn = { n, agentId, costMs, isPlain: false, ...refused };
  if (!chance(random, 0.1)) return { ...turn, failures: 0, options };
  const kind = whole(random, 0, 3);
  if (kind === 0) return { ...turn, failures: 1, laterMs: whole(random, 50, 500), options };
  return { ...turn, failures: 1, options: kind === 1 ? { ...options, retryOn: 'other-worker' } : options };
}

/** Submits tasks at a steady rate until stopped, whatever becomes of the calls, and has some of them cancelled. */
export class Workload {
  private readonly calls = new Set<Promise<void>>();
  private readonly going: Promise<void>;
  private isOver = false;

  constructor(
    private readonly run: Run,
    private readonly options: WorkloadOptions,
  ) {
    this.going = this.go();
  }

  /** Resolves once every call was answered. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.going;
    await Promise.all(this.calls);
  }

  private async go(): Promise<void> {
    const { seed, agents, tasksPerSecond } = this.options;
    const random = seededRandom(seed);
    const rank = zipfSampler({ agents, exponent: 0.7, capShare: Math.max(0.05, 1 / agents) }, random);
    const startedAtMs = performance.now();
    for (let n = 0; !this.isOver; n++) {
      const waitMs = startedAtMs + (n * 1000) / tasksPerSecond - performance.now();
      if (waitMs > 1) await sleep(waitMs);
      const call = this.submit(drawTask(n, this.options, rank, random), chance(random, 0.02));
      this.calls.add(call);
      void call.then(() => this.calls.delete(call));
    }
  }

  private async submit(task: Submission, isCancelled: boolean): Promise<void> {
    await this.run.submit(task);
    if (isCancelled) await this.run.cancel(task);
  }
}
