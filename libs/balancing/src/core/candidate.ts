import { hash32 } from './hash.js';
import type { WorkerSnapshot } from './worker-snapshot.js';

/** A worker while a batch of tasks is placed: its snapshot, and what changes with every placement. */
export class Candidate {
  readonly id: string;
  readonly slots: number;
  readonly weight: number;
  /** Tasks it runs or that wait in its lane, with those of this batch. */
  tasks: number;
  private idHash: number | undefined;

  /** @param memory a number that the strategy keeps about this worker between decisions, 0 at first */
  constructor(
    readonly worker: WorkerSnapshot,
    public memory: number,
  ) {
    this.id = worker.id;
    this.slots = worker.slots;
    this.weight = worker.weight;
    this.tasks = worker.running + worker.waiting;
  }

  /** Whether it could start one more task now. */
  get isFree(): boolean {
    return this.tasks < this.slots;
  }

  /** Hash of its id, computed once. */
  get hash(): number {
    this.idHash ??= hash32(this.id);
    return this.idHash;
  }
}
