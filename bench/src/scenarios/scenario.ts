import type { Redis } from 'ioredis';
import type { System } from '../systems/system.js';

/** What one round of a scenario runs on. */
export interface Round {
  readonly system: System;
  readonly redisUrl: string;
  readonly redis: Redis;
  readonly seed: number;
  /** Scales tasks and seconds: 1 is the published size. */
  readonly size: number;
}

/** Measured values of one round, by column. */
export type Measures = Readonly<Record<string, number>>;

/** One thing that is measured, alternating over the systems. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Columns in order, with their unit. */
  readonly columns: Readonly<Record<string, string>>;
  run(round: Round): Promise<Measures>;
}
