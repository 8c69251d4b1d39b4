import { randomUUID } from 'node:crypto';
import { ShuntError } from '@shunt/sdk';

/** What became of the tasks of a demo so far, as their producer sees it. */
export interface DemoTally {
  readonly total: number;
  readonly enqueued: number;
  readonly done: number;
  readonly failed: number;
  /** Enqueued ones that came to no end and are nowhere any more. */
  readonly lost: number;
  /** Agents that moved, as their worker died or was drained. */
  readonly moved: number;
}

/** What the demo tells its dispatcher. */
export type FromDemo = { readonly tally: DemoTally } | { readonly crashed: string | null; readonly call: string };
/** What the dispatcher asks of it: to kill a worker, any without a name. */
export interface ToDemo {
  readonly crash: string | null;
  readonly call: string;
}

/** The demo that runs this dispatcher, by the channel it was forked with. */
export class DemoLink {
  private told: DemoTally | null = null;
  private readonly calls = new Map<string, (worker: string | null) => void>();

  /** @param answerMs how long the demo may take to answer. Defaults to 5 s: it does nothing else meanwhile */
  constructor(
    private readonly channel: Pick<NodeJS.Process, 'on' | 'send'>,
    private readonly answerMs = 5000,
  ) {
    channel.on('message', (message) => this.hear(message as FromDemo));
  }

  /** What it told last. */
  get tally(): DemoTally | null {
    return this.told;
  }

  /** Has it kill a worker, any without a name. Resolves to the one it killed, null when there is none to spare. @throws ShuntError DEADLINE_EXCEEDED */
  crash(worker: string | null): Promise<string | null> {
    const call = randomUUID();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.calls.delete(call);
        const message = `The demo did not answer within ${this.answerMs / 1000} s: see its terminal; a worker may have been killed`;
        reject(new ShuntError('DEADLINE_EXCEEDED', message));
      }, this.answerMs);
      this.calls.set(call, (killed) => {
        clearTimeout(late);
        resolve(killed);
      });
      this.channel.send?.({ crash: worker, call } satisfies ToDemo);
    });
  }

  private hear(message: FromDemo): void {
    if ('tally' in message) this.told = message.tally;
    if (!('crashed' in message)) return;
    this.calls.get(message.call)?.(message.crashed);
    this.calls.delete(message.call);
  }
}
