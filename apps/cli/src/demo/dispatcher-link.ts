import type { ChildProcess } from 'node:child_process';

/** What became of the tasks of a replay so far, for the page. As apps/dispatcher/src/demo-link.ts has it. */
export interface DemoTally {
  readonly total: number;
  readonly enqueued: number;
  readonly done: number;
  readonly failed: number;
  readonly lost: number;
  readonly moved: number;
}

/** What a dispatcher that a demo runs is started with: it then shows the demo, and may ask for a crash. */
export const demoFlag = '--demo';

/** Talks with the dispatcher by the channel it was forked with: tells it how the replay goes, and kills a worker when the page asks. */
export class DispatcherLink {
  /** @param crash kills a worker, any for null; returns the one it killed, null for none */
  constructor(
    private readonly process: ChildProcess,
    crash: (worker: string | null) => string | null,
  ) {
    process.on('message', (message: { crash?: string | null; call?: string }) => {
      if (message.crash !== undefined) this.send({ crashed: crash(message.crash), call: message.call });
    });
  }

  /** Tells how the replay goes. */
  tell(tally: DemoTally): void {
    this.send({ tally });
  }

  private send(message: object): void {
    // One that ends meanwhile hears nothing more; its end is told elsewhere.
    if (this.process.connected) this.process.send(message, () => undefined);
  }
}
