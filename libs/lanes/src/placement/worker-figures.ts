import { stragglersOf, type WorkerSnapshot, type WorkerTimes } from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { type WorkerRecord, workersOf } from '../registry.js';

/** What moves slowly about a worker: what it registered with and last reported. */
export type SlowFigures = Pick<WorkerSnapshot, 'weight' | 'labels' | 'zone' | 'responseMs' | 'errorRatio'>;

const unknown: SlowFigures = { weight: 1, labels: {} };

/**
 * Keeps the slow figures of a pool's workers, so that a decision reads none of them. Read again by each sweep of the
 * leader, and when a worker is met that is not known: they are as old as a heartbeat and a sweep at most.
 */
export class WorkerFigures {
  private known = new Map<string, SlowFigures>();
  private slow: ReadonlyMap<string, number> = new Map();
  private served: readonly WorkerTimes[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
  ) {}

  /** Reads all of them. Costs O(workers). */
  async refresh(): Promise<void> {
    const records = await workersOf(this.redis, this.keys);
    this.known = new Map(records.map((record) => [record.id, figuresOf(record)]));
    const alive = records.filter(({ isRoutable }) => isRoutable);
    this.served = alive.flatMap(({ slots, load }) => (load ? [{ slots, times: load.times }] : []));
    const paces = alive.map(({ id, load }) => ({ id, slowdown: load?.slowdown ?? 1 }));
    this.slow = new Map(stragglersOf(paces).map(({ id, slowdown }) => [id, slowdown]));
  }

  /** Reads all of them if one of these workers is not known. */
  async meet(workers: readonly string[]): Promise<void> {
    if (workers.some((worker) => !this.known.has(worker))) await this.refresh();
  }

  /** The workers that fell far behind their own past, each with how many times slower it is. */
  get stragglers(): ReadonlyMap<string, number> {
    return this.slow;
  }

  /** How long the latest tasks of those that may receive took, by worker. */
  get times(): readonly WorkerTimes[] {
    return this.served;
  }

  /** A worker's figures; those of a plain one where it is not known. */
  of(worker: string): SlowFigures {
    return this.known.get(worker) ?? unknown;
  }
}

/** The slow figures of a registered worker. */
export function figuresOf({ weight, labels = {}, zone, load }: WorkerRecord): SlowFigures {
  const { responseMs = null, errorRatio } = load ?? {};
  return {
    weight,
    labels,
    ...(zone === undefined ? {} : { zone }),
    ...(responseMs === null ? {} : { responseMs }),
    ...(errorRatio === undefined ? {} : { errorRatio }),
  };
}
