import type { Redis } from 'ioredis';
import type { Finding } from './finding.js';

/** What a trial is run on. */
export interface TrialRun {
  readonly redisUrl: string;
  readonly redis: Redis;
  readonly rounds: number;
  /** Scales numbers of tasks and agents, or seconds: 1 is the published size. */
  readonly size: number;
  /** How many times as long as usual tasks take where a trial has costs of its own, rates being as much lower: for a busy machine. */
  readonly slower: number;
  /** Called at the end of each round, with what has been found so far where rounds are long: that is written at once. */
  readonly onRound: (soFar?: readonly Finding[]) => void;
}

/** What is done to pools of its own again and again, and what is measured of it, against the bars it is held to. */
export interface Trial {
  readonly name: string;
  readonly about: string;
  /** Whether it needs the machine for itself; others mostly wait, and go side by side. */
  readonly isAlone: boolean;
  run(run: TrialRun): Promise<Finding[]>;
}
