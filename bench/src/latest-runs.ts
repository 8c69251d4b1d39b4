import type { Redis } from 'ioredis';

/** Where each agent's latest task began, over all workers of a fleet. */
export class LatestRuns {
  /** @param worker number of this one */
  constructor(
    private readonly redis: Redis,
    private readonly worker: number,
  ) {}

  /** A task begins here. Resolves to whether the agent's task before did as well, so that its state here is the latest. */
  async begin(agent: string): Promise<boolean> {
    const before = await this.redis.set(`bench:latest:${agent}`, this.worker, 'GET');
    return before === String(this.worker);
  }
}
