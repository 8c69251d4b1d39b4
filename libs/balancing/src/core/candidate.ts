import { hash32 } from './hash.js';
import type { WorkerSnapshot } from './worker-snapshot.js';

/** A worker while a batch of tasks is placed: its snapshot, and what changes with every placement. */
export class Candidate {
  readonly id: string;
  readonly slots: number;
  readonly weight: number;
  /** Slots times weight: what it can do at once beside others. */
  readonly capacity: number;
  readonly responseMs: number | undefined;
  readonly errorRatio: number;
  readonly zone: string | undefined;
  /** Tasks it runs or that wait in its lane, with those of this batch. */
  tasks: number;
  /** 0 while it is not known: whole 32-bit numbers need no box. */
  private idHash = 0;

  /** @param memory a number that the strategy keeps about this worker between decisions, 0 at first */
  constructor(
    readonly worker: WorkerSnapshot,
    public memory: number,
  ) {
    this.id = worker.id;
    this.slots = worker.slots;
    this.weight = worker.weight;
    this.capacity = worker.slots * worker.weight;
    this.responseMs = worker.responseMs;
    this.errorRatio = worker.errorRatio ?? 0;
    this.zone = worker.zone;
    this.tasks = worker.running + worker.waiting;
  }

  /** Whether it could start one more task now. */
  get isFree(): boolean {
    return this.tasks < this.slots;
  }

  /** A whole 32-bit number that a seed and its id give, the same every time: a tie-break, or chance by a random seed. */
  mixedWith(seed: number): number {
    if (this.idHash === 0) this.idHash = hash32(this.id) | 0;
    return mix32(seed, this.idHash);
  }

  /** Share of its capacity in use once it has one task more. Above 1 where a weight below 1 makes less of its slots. */
  get nextLoad(): number {
    return (this.tasks + 1) / this.capacity;
  }

  /** Response time against a mean, as a share of both, 0 to 1: the mean is 0.5. One that is not known counts as the mean. */
  responseAgainst(meanMs: number): number {
    const { responseMs } = this;
    return responseMs === undefined || meanMs === 0 ? 0.5 : responseMs / (responseMs + meanMs);
  }
}

/** Mixes two hashes into one. */
export function mix32(a: number, b: number): number {
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
