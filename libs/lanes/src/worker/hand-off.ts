import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { runScript } from '../redis/script-runner.js';
import type { AgentOfTask } from './held-tasks.js';

/** Least and greatest time between looks at whether an agent was handed over. */
const looksMs = [4, 128] as const;

/** What a worker waits for before it runs an agent that it takes from others. */
export class HandOff {
  private readonly counts = { closed: 0, 'timed-out': 0 };

  /** `timeoutMs`: how long the former workers have to end their state of an agent. */
  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly timeoutMs: number,
  ) {}

  /** How many agents it waited for, and how it ended. */
  get outcomes(): Readonly<Record<'closed' | 'timed-out', number>> {
    return { ...this.counts };
  }

  /**
   * Resolves once the workers that held an agent's state have ended it, once their time is over, after which nobody waits for
   * them again, or once the signal says so.
   */
  async settle({ agent, fence, closers }: AgentOfTask, signal: AbortSignal): Promise<void> {
    if (closers.length === 0) return;
    const endMs = performance.now() + this.timeoutMs;
    for (let pauseMs: number = looksMs[0]; !signal.aborted; pauseMs = Math.min(2 * pauseMs, looksMs[1])) {
      if (!(await this.isHeld(agent, closers))) {
        this.counts.closed++;
        return;
      }
      if (performance.now() >= endMs) {
        await runScript(this.redis, 'overtake', [this.keys.of(`agent:${agent}`)], [fence]);
        this.counts['timed-out']++;
        return;
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async isHeld(agent: string, closers: readonly string[]): Promise<boolean> {
    const held = closers.map((worker) => this.redis.hexists(`${this.keys.prefix}lane:${worker}:closes`, agent));
    return (await Promise.all(held)).includes(1);
  }
}
