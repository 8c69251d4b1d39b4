import { invalidTask } from '@shunt/lanes';
import { checkJson } from '../input/payload.js';

const maxBytes = 64 * 1024;

type Progress = number | object;

/** The progress of one attempt: one report is on its way at a time, and of those made meanwhile only the newest follows. */
export class ProgressReports {
  private newest: Progress | undefined;
  private sending: Promise<void> | undefined;
  private following: Promise<void> | undefined;

  constructor(private readonly store: (value: Progress) => Promise<void>) {}

  /**
   * Reports a value. Resolves once it or a newer one is stored. A rejection that nobody awaits does no harm.
   *
   * @throws ShuntError INVALID_TASK naming progress
   */
  send(value: Progress): Promise<void> {
    const sent = this.enqueue(value);
    sent.catch(() => undefined);
    return sent;
  }

  private async enqueue(value: Progress): Promise<void> {
    assertProgress(value);
    this.newest = value;
    if (this.sending === undefined) return this.sendNewest();
    this.following ??= this.sending.catch(() => undefined).then(() => this.sendNewest());
    return this.following;
  }

  private sendNewest(): Promise<void> {
    this.following = undefined;
    const sending = this.store(this.newest as Progress).finally(() => {
      if (this.sending === sending) this.sending = undefined;
    });
    this.sending = sending;
    return sending;
  }
}

function assertProgress(value: unknown): void {
  if (typeof value !== 'number' && (typeof value !== 'object' || value === null)) {
    throw invalidTask([{ field: 'progress', message: 'must be a number or an object' }]);
  }
  const checked = checkJson(value, 'progress', maxBytes);
  if ('problem' in checked) throw invalidTask([checked.problem]);
}
