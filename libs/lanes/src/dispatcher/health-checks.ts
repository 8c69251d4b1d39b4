import { type CheckThresholds, type CheckVerdict, nextVerdict, unchecked } from '@shunt/health';
import type { Live } from '../pool-config/config-watcher.js';
import type { DispatcherTuning } from '../pool-config/dispatcher-tuning.js';

/** Options of {@link HealthChecks}. Durations in ms. */
export interface HealthChecksOptions extends CheckThresholds {
  /** Time between checks of a worker. */
  readonly interval: number;
  /** How long an answer may take. */
  readonly timeout: number;
}

/** A worker that may be asked. */
export interface Checked {
  readonly id: string;
  /** Where; a worker without one is not asked. */
  readonly healthUrl?: string | undefined;
}

/** Most workers that are asked at once. */
const atOnce = 32;

/** Asks every worker over HTTP whether it is well: besides its heartbeats, as those come by another way. */
export class HealthChecks {
  private verdicts = new Map<string, CheckVerdict>();
  private begunAtMs = Number.NEGATIVE_INFINITY;
  private round: Promise<void> | undefined;

  constructor(private readonly tuning: Live<Pick<DispatcherTuning, 'healthCheck'>>) {}

  /** Whether the checks of a worker say that it is down; without checks none is. */
  isDown(worker: string): boolean {
    return this.options !== null && this.verdicts.get(worker)?.isUp === false;
  }

  /** Begins a round when it is time for one and the last is over. Returns at once; call it more often than rounds are due. */
  begin(workers: readonly Checked[]): void {
    const { options } = this;
    if (options === null) this.verdicts.clear();
    const nowMs = performance.now();
    if (!options || this.round || nowMs - this.begunAtMs < options.interval) return;
    this.begunAtMs = nowMs;
    this.round = this.ask(workers, options).finally(() => {
      this.round = undefined;
    });
  }

  private get options(): HealthChecksOptions | null {
    return this.tuning.current.healthCheck;
  }

  private async ask(workers: readonly Checked[], options: HealthChecksOptions): Promise<void> {
    const asked = workers.filter(({ healthUrl }) => healthUrl !== undefined);
    const verdicts = new Map<string, CheckVerdict>();
    for (let i = 0; i < asked.length; i += atOnce) {
      await Promise.all(
        asked.slice(i, i + atOnce).map(async ({ id, healthUrl = '' }) => {
          const isGood = await isWell(healthUrl, options.timeout);
          verdicts.set(id, nextVerdict(this.verdicts.get(id) ?? unchecked, isGood, options));
        }),
      );
    }
    this.verdicts = verdicts;
  }
}

/** Whether an endpoint answers 2xx in time. */
async function isWell(url: string, timeoutMs: number): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
