import type { Redis } from 'ioredis';
import type { Finding } from './finding.js';

/** What a fault is injected into. */
export interface FaultRun {
  readonly redisUrl: string;
  readonly redis: Redis;
  readonly rounds: number;
  /** Scales numbers of tasks and agents: 1 is the published size. */
  readonly size: number;
  /** Called at the end of each round. */
  readonly onRound: () => void;
}

/** A fault that is injected again and again into a pool of its own, and what is measured of it. */
export interface Fault {
  readonly name: string;
  readonly about: string;
  /** Whether it needs the machine for itself; others mostly wait, and go side by side. */
  readonly isAlone: boolean;
  run(run: FaultRun): Promise<Finding[]>;
}
