import { setTimeout as sleep } from 'node:timers/promises';
import { connect, isShuntError, type ShuntErrorCode } from '@shunt/sdk';
import { nowUs } from '../clock.js';
import { type CrewInput, taskName } from './crew-task.js';

/** One call that was refused. */
interface Refusal {
  readonly code: ShuntErrorCode;
  readonly tookS: number;
}

/** Pause between two calls. */
const againMs = 50;

/** A producer with little time that asks again and again. */
export class InsistentProducer {
  readonly refusals: Refusal[] = [];
  private readonly client;

  constructor(redis: string, pool: string, timeoutMs: number) {
    this.client = connect({ redis, pool, timeout: timeoutMs });
  }

  /** Enqueues until a call is accepted once all is well, in us: Infinity until then. Resolves to when it was accepted. */
  async untilAccepted(wellUs: () => number): Promise<number> {
    for (;;) {
      const acceptedUs = await this.enqueue();
      if (acceptedUs > wellUs()) return acceptedUs;
      await sleep(againMs);
    }
  }

  close(): void {
    this.client.close();
  }

  /** Resolves to when it was accepted, in us; -Infinity when it was refused. */
  private async enqueue(): Promise<number> {
    const startedUs = nowUs();
    const input: CrewInput = { t: startedUs, runMs: 0 };
    try {
      await this.client.enqueue(taskName, input, { agentId: 'late', keep: { completed: false } });
      return nowUs();
    } catch (error) {
      if (!isShuntError(error)) throw error;
      this.refusals.push({ code: error.code, tookS: (nowUs() - startedUs) / 1e6 });
      return Number.NEGATIVE_INFINITY;
    }
  }
}
