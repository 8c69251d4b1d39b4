import { nowUs } from '../clock.js';
import { BenchFleet, type Record } from '../fleet.js';
import { offer, waitMs } from '../scenarios/latency.js';
import { mean, quantile } from '../stats.js';
import { systems } from '../systems/index.js';
import type { Producer, SystemName } from '../systems/system.js';
import { agentsAt, costsAt, warmCold } from '../warm-cold-setting.js';

/** What became of the tasks offered at one rate. */
export interface Served {
  /** Of the tasks that arrived once the rate had been settled. */
  readonly records: readonly Record[];
  /** p99 of the wait in each span that was asked for, in ms; Infinity for a backlog that was too long to go on. */
  readonly waitP99s: readonly number[];
  readonly warmShare: number;
}

/** How a rate is offered. */
export interface Spell {
  readonly ratePerSecond: number;
  readonly settleSeconds: number;
  /** Spans that are measured one after the other, and how long each is. */
  readonly spans: number;
  readonly spanSeconds: number;
  /** Backlog in seconds of arrivals at which the offer ends. Defaults to none. */
  readonly mostBacklogSeconds?: number;
}

const { workers, slots } = warmCold;
/** What a load is for. */
export interface Run {
  readonly redisUrl: string;
  readonly seed: number;
  /** How many times as long as usual tasks take. */
  readonly slower: number;
  /** Whether handlers take an agent's tasks in turn. Defaults to false. */
  readonly isInTurn?: boolean;
}

/** A rate at which the workers of every system come to hold states, and for how many seconds. */
const filling = { ratePerSecond: 400, seconds: 15 };

/** The warm/cold fleet of one system, with states, at which rates are offered one after the other. */
export class WarmColdLoad {
  private sent = 0;
  private spells = 0;

  private constructor(
    private readonly fleet: BenchFleet,
    private readonly producer: Producer,
    private readonly run: Run,
  ) {}

  /** Starts a fleet that holds no states. */
  static async startEmpty(system: SystemName, run: Run): Promise<WarmColdLoad> {
    const { redisUrl, slower, isInTurn = false } = run;
    const warmCold = costsAt(slower);
    const fleet = await BenchFleet.start({ system, redisUrl, workers, slots, records: true, warmCold, isInTurn });
    return new WarmColdLoad(fleet, systems[system].producer(redisUrl, workers), run);
  }

  /** Starts a fleet and fills its states. */
  static async start(system: SystemName, run: Run, size: number): Promise<WarmColdLoad> {
    const load = await WarmColdLoad.startEmpty(system, run);
    await load.offer(filling.ratePerSecond / run.slower, filling.seconds * size * run.slower);
    return load;
  }

  /** Offers a rate, and resolves once all of its tasks have run. */
  async serve({ ratePerSecond, settleSeconds, spans, spanSeconds, mostBacklogSeconds }: Spell): Promise<Served> {
    await this.fleet.records();
    const mostOpen = ratePerSecond * (mostBacklogSeconds ?? Number.POSITIVE_INFINITY);
    const fromUs = nowUs() + settleSeconds * 1e6;
    const isWhole = await this.offer(ratePerSecond, settleSeconds + spans * spanSeconds, mostOpen);
    const records = (await this.fleet.records()).filter(([, enqueuedUs]) => enqueuedUs >= fromUs);
    const spanOf = ([, enqueuedUs]: Record) => Math.floor((enqueuedUs - fromUs) / 1e6 / spanSeconds);
    const p99Of = (span: number) => quantile(records.filter((record) => spanOf(record) === span).map(waitMs), 0.99);
    const waitP99s = Array.from({ length: spans }, (_, span) => (isWhole ? p99Of(span) : Number.POSITIVE_INFINITY));
    return { records, waitP99s, warmShare: mean(records.map(([, , , , isWarm]) => isWarm)) };
  }

  /** Stops the fleet. */
  async stop(): Promise<void> {
    await this.producer.close();
    await this.fleet.stop();
  }

  /** Resolves to whether all of it was offered, once what was has run. */
  private async offer(ratePerSecond: number, seconds: number, mostOpen = Number.POSITIVE_INFINITY): Promise<boolean> {
    const seed = this.run.seed * 1000 + this.spells++;
    const before = this.sent;
    let isWhole = true;
    this.sent += await offer(this.producer, {
      ratePerSecond,
      seed,
      durationMs: seconds * 1000,
      nextAgent: agentsAt(ratePerSecond, seed, this.run.slower),
      mayGoOn: (sent) => {
        isWhole = before + sent - this.fleet.ran <= mostOpen;
        return isWhole;
      },
    });
    await this.fleet.untilRan(this.sent);
    return isWhole;
  }
}
