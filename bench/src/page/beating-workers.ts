import { heartbeat, join, LoadCounters, poolKeys, queueNameOf } from '@shunt/lanes';
import type { Redis } from 'ioredis';

const [slots, leaseMs, beatMs] = [8, 60_000, 2000];

interface Worker {
  readonly worker: string;
  readonly incarnation: string;
  readonly counters: LoadCounters;
}

/** Workers that run nothing and beat as if they did, each with figures that change from beat to beat. */
export class BeatingWorkers {
  private readonly keys;
  private readonly workers: Worker[] = [];
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly redis: Redis,
    pool: string,
  ) {
    this.keys = poolKeys(queueNameOf(pool));
  }

  /** Has as many workers as that, which end so many tasks a second all together. */
  async become(count: number, tasksPerSecond: number): Promise<void> {
    for (let n = this.workers.length; n < count; n++) {
      const worker = { worker: `worker-eu-${n}`, incarnation: `life-${n}`, counters: new LoadCounters() };
      await join(this.redis, this.keys, worker, { slots, weight: 1, host: 'host', pid: n, zone: 'eu-1' }, leaseMs);
      this.workers.push(worker);
    }
    this.stop();
    const tasksPerBeat = Math.round((tasksPerSecond * beatMs) / 1000 / count);
    await Promise.all(this.workers.map((worker) => this.beat(worker, tasksPerBeat)));
    this.timers = this.workers.map((worker) => setInterval(() => void this.beat(worker, tasksPerBeat), beatMs));
  }

  /** Beats no more. */
  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private async beat(worker: Worker, tasks: number): Promise<void> {
    const { counters, incarnation } = worker;
    for (let n = 0; n < tasks; n++) {
      const [waitMs, tookMs] = [Math.round(100 * Math.random()), Math.round(80 * Math.random())];
      counters.started('warm', { affinity: 'soft', waitMs, eligibleMs: waitMs }, Date.now());
      counters.ended('completed', true);
      counters.ran('turn', tookMs);
      counters.took(tookMs, 'warm');
    }
    const eventLoop = { eventLoopRatio: Math.random(), eventLoopDelayMs: 10 * Math.random() };
    const process = { cpuRatio: Math.random(), rssBytes: 1e8 * (1 + Math.random()), ...eventLoop };
    const state = { running: Math.floor(Math.random() * slots), isDraining: false, configVersion: 0, slowdown: 1 };
    const load = { ...counters.counts(), ...process, ...state, incarnation, countsOf: incarnation };
    await heartbeat(this.redis, this.keys, worker, { ...load, trips: 0, tripReason: null }, leaseMs, slots);
  }
}
