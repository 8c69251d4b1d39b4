import { type EmittedBatch, invalidInput, ShuntError } from '@shunt/lanes';
import { Batcher } from '../client/batcher.js';
import { checkJson, defaultMaxPayloadBytes } from '../input/payload.js';
import { timeoutReason } from './attempt-limits.js';

/** How long an emit waits for Redis, as a client's calls do. */
const timeoutMs = 5000;

/** What one attempt emits: told in order, the calls of a tick in one round trip, nothing left out. */
export class Emits {
  private readonly batcher: Batcher<{ readonly data: string }, undefined>;
  private readonly underWay = new Set<Promise<void>>();
  private batches = 0;
  private isOver = false;

  /** @param tell resolves once Redis has a batch */
  constructor(
    private readonly signal: AbortSignal,
    tell: (batch: EmittedBatch, deadlineMs: number) => Promise<void>,
  ) {
    this.batcher = new Batcher(async (items, deadlineMs) => {
      this.assertMayEmit();
      await tell({ number: ++this.batches, values: items.map(({ data }) => data) }, deadlineMs);
      return items.map(() => undefined);
    }, timeoutMs);
  }

  /**
   * Emits a value. Resolves once it is stored. A rejection that nobody awaits does no harm.
   *
   * @throws ShuntError INVALID_INPUT or PAYLOAD_TOO_LARGE naming value, CANCELLED, TASK_TIMEOUT or LEASE_LOST once the attempt was aborted or has
   *   ended, STORE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  send(value: unknown): Promise<void> {
    const sent = this.enqueue(value);
    this.underWay.add(sent);
    sent.catch(() => undefined).finally(() => this.underWay.delete(sent));
    return sent;
  }

  /** The attempt has ended: nothing more is taken. Resolves once all that was is stored or refused. */
  async end(): Promise<void> {
    const left = [...this.underWay];
    this.isOver = true;
    await Promise.allSettled(left);
  }

  private async enqueue(value: unknown): Promise<void> {
    if (this.isOver) throw new ShuntError('LEASE_LOST', 'the attempt has ended: it may emit nothing more');
    this.assertMayEmit();
    await this.batcher.add({ data: jsonOf(value) });
  }

  private assertMayEmit(): void {
    if (!this.signal.aborted) return;
    const { reason } = this.signal;
    const codes = { [timeoutReason]: 'TASK_TIMEOUT', cancelled: 'CANCELLED' } as const;
    const code = codes[String(reason) as keyof typeof codes] ?? 'LEASE_LOST';
    throw new ShuntError(code, `the attempt was aborted (${reason}): it may emit nothing more`);
  }
}

function jsonOf(value: unknown): string {
  const checked = checkJson(value, 'value', defaultMaxPayloadBytes);
  if ('json' in checked) return checked.json;
  if (checked.kind === 'invalid') throw invalidInput([checked.problem]);
  const message = `Emitted value too large: value ${checked.problem.message}`;
  throw new ShuntError('PAYLOAD_TOO_LARGE', message, { details: [checked.problem] });
}
