import {
  type Breaker,
  breakerPresets,
  neverOpened,
  nextBreakers,
  OutcomeWindow,
  slotLimit,
  tripOf,
} from '@shunt/health';
import type { Agent, Worker } from './model.js';
import type { Simulation } from './simulation.js';

const { self, pool } = breakerPresets.adaptive;
/** How often a leader looks while a breaker is not as it was at first, ms. */
const lookMs = 1000;

/** What the pool knows of one worker. */
interface Record {
  breaker: Breaker;
  readonly window: OutcomeWindow;
  ended: number;
  failed: number;
}

/** The product's breakers over simulated workers: each judges itself as an attempt fails, and the pool looks then and once a second. */
export class Breakers {
  private readonly records: ReadonlyMap<Worker, Record>;
  private isLooking = false;

  constructor(private readonly sim: Simulation) {
    const record = () => ({
      ...{ breaker: neverOpened, ended: 0, failed: 0 },
      window: new OutcomeWindow(self.windowMs, self.slowMs),
    });
    this.records = new Map(sim.workers.map((worker) => [worker, record()]));
  }

  /** An attempt of an agent's task ended on a worker. */
  ended(worker: Worker, agent: Agent, isFailure: boolean, durationMs: number): void {
    const record = this.records.get(worker) as Record;
    record.ended++;
    if (isFailure) record.failed++;
    record.window.add({ agent: agent.key, isFailure, durationMs }, this.sim.nowMs);
    if (!isFailure || this.isLooking || !this.isSick(record)) return;
    this.isLooking = true;
    this.look();
  }

  private isSick({ window }: Record): boolean {
    return tripOf(window.sums(this.sim.nowMs), self) !== null;
  }

  private look(): void {
    const { nowMs } = this.sim;
    const alive = [...this.records].filter(([{ isAlive }]) => isAlive);
    const members = alive.map(([worker, record]) => ({
      ...{ id: worker.id, breaker: record.breaker, order: 'auto' as const, isServing: true, life: worker.id },
      attempts: { ended: record.ended, failed: record.failed },
      ...{ isSick: this.isSick(record), mayProbe: true },
    }));
    const next = nextBreakers(members, pool, nowMs);
    for (const [worker, record] of alive) this.change(worker, record, next.get(worker.id) as Breaker);
    this.isLooking = !this.sim.isOver && [...this.records.values()].some(({ breaker }) => breaker !== neverOpened);
    if (this.isLooking) this.sim.at(nowMs + lookMs, () => this.look());
  }

  /** A worker takes nothing more, and what waits for it finds others, oldest first. */
  private shut(worker: Worker): void {
    worker.isUp = false;
    const left = worker.lane.drain();
    for (const agent of left) this.sim.dequeue(agent);
    for (const agent of left) this.sim.admit(agent);
  }

  private change(worker: Worker, record: Record, breaker: Breaker): void {
    const wasOpen = record.breaker.state === 'open';
    record.breaker = breaker;
    worker.allowed = slotLimit(breaker, worker.slots, pool, this.sim.nowMs) ?? worker.slots;
    if (breaker.state === 'open') {
      if (wasOpen) return;
      record.window.clear();
      this.shut(worker);
    } else {
      this.sim.open(worker);
    }
  }
}
