import { type ScaledWorker, scalePlan } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { Verdict } from '../moves.js';
import { workersWithLanes } from '../pool/pool-stats.js';
import { drain, undrain } from '../pool/worker-orders.js';

/** Starts and stops processes of workers. */
export interface Scaler {
  /**
   * Has so many processes run. Of those to stop, these come first: they have nothing left. Called again and again with the same; rejects
   * when it cannot.
   */
  resize(processes: number, idle: readonly string[]): Promise<void>;
}

/** The leader that takes a step. */
export interface ScaleLeader extends Verdict {
  /**
   * Keeps whom it takes out, before any of them is drained, so that nobody stays drained whom nobody knows of. Resolves to whether its
   * term lasts.
   */
  readonly keep: (victims: readonly string[]) => Promise<boolean>;
}

/** Who drains, as the journal tells it. */
const orderer = { by: 'scaler' };

/** Brings a pool to as many workers as are wanted, step by step: who is to go is drained before it is stopped. */
export class ScaleDriver {
  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly scaler: Scaler,
  ) {}

  /**
   * Takes one step. Resolves to those who are on their way out, which the next step has to be told.
   *
   * @param victims those of the step before
   * @param leader whose step it is: it ends with the term. Defaults to nobody, for a pool that one process alone scales
   */
  async step(target: number, victims: readonly string[], leader?: ScaleLeader): Promise<readonly string[]> {
    const { redis, keys } = this;
    const keep = leader?.keep ?? (async () => true);
    const plan = scalePlan(await this.workers(), victims, target);
    await Promise.all(plan.undrain.map((worker) => undrain(redis, keys, worker, orderer, leader).catch(unlessGone)));
    if (!(await keep(plan.victims))) return victims;
    await Promise.all(plan.drain.map((worker) => drain(redis, keys, worker, orderer, leader).catch(unlessGone)));
    if (!(await keep(plan.victims))) return plan.victims;
    await this.scaler.resize(plan.processes, plan.idle);
    // One that is gone may come back under its id, and is to be given tasks then.
    const gone = victims.filter((worker) => !plan.victims.includes(worker) && !plan.undrain.includes(worker));
    await Promise.all(gone.map((worker) => undrain(redis, keys, worker, orderer, leader).catch(unlessGone)));
    return plan.victims;
  }

  private async workers(): Promise<ScaledWorker[]> {
    const { redis, keys } = this;
    const workers = await workersWithLanes(redis, keys);
    return Promise.all(
      workers
        .filter(({ incarnation }) => incarnation !== null)
        .map(async ({ id, isDrained, running, waiting, maxAgents, load }) => {
          // Without a limit nobody counts them: as many as began there without their state.
          const agents = maxAgents === undefined ? (load?.cold ?? 0) : await redis.zcard(keys.of(`held:${id}`));
          return { id, isDrained, running, waiting, agents };
        }),
    );
  }
}

/** A worker that has left meanwhile has nothing to be drained of. */
function unlessGone(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'NOT_FOUND') throw error;
}
