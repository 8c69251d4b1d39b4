import { type Fullness, fullness, fullnessReasons } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { PoolSight } from '../pool/pool-sight.js';
import type { PoolStats } from '../pool/pool-stats.js';
import type { Live } from '../pool-config/config-watcher.js';
import type { DispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { runScript } from '../redis/script-runner.js';
import { ShuntError } from '../shunt-error.js';

/** Options of {@link Gate}. */
export interface GateOptions {
  /** When a refused producer may ask again, in ms: not before the next look. */
  readonly retryAfterMs: number;
  /** How long the pool stays closed after the last look, in ms: a leader that is gone must not keep it closed. */
  readonly closedMs: number;
}

/**
 * Refuses new tasks of a pool that is full, so that those it has can end: Redis's memory three quarters used, too many
 * tasks waiting, or one for too long. A leader looks with each sweep; enqueue reads what it found with the batch's nonce, in the same command.
 */
export class Gate {
  /** Why the pool takes no new tasks as of the last look, null while it does. */
  closedBy: Fullness | null = null;

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: GateOptions,
    private readonly tuning: Live<Pick<DispatcherTuning, 'maxWaitingTasks' | 'maxWaitingAgeMs'>>,
  ) {}

  /** Judges a sight under a leader's term, and closes or opens the pool. */
  async look(term: number, sight: PoolSight): Promise<void> {
    const { retryAfterMs, closedMs } = this.options;
    this.closedBy = fullness(this.closedBy, await this.load(sight));
    const notice = this.closedBy === null ? '' : `${this.closedBy}:${retryAfterMs}`;
    await runScript(this.redis, 'gate', ['leader', 'closed'].map(this.keys.of), [term, notice, closedMs]);
  }

  private async load({ stats, oldestAgeMs }: PoolSight) {
    const { maxWaitingTasks, maxWaitingAgeMs } = this.tuning.current;
    const info = await this.redis.info('memory');
    const bytes = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
    return {
      usedBytes: bytes('used_memory'),
      maxBytes: bytes('maxmemory'),
      waitingTasks: waitingTasks(stats),
      maxWaitingTasks,
      oldestAgeMs,
      maxWaitingAgeMs,
    };
  }
}

function waitingTasks({ tasks: { intake, yard, lane, mailbox } }: PoolStats): number {
  return intake + yard + lane + mailbox;
}

/** The error of a task that met a closed gate, from the gate's notice. */
export function poolFull(notice: string): ShuntError<'POOL_FULL'> {
  const [reason = '', ms] = notice.split(':');
  const message = `The pool is full: ${fullnessReasons[reason as Fullness]}; try again in ${ms} ms`;
  return new ShuntError('POOL_FULL', message, { details: { retryAfterMs: Number(ms) } });
}
