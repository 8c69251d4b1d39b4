import type { Socket } from 'node:net';

/** What a pipe does to the bytes it passes. */
export interface PipeFault {
  /** Passes nothing on; what comes meanwhile is passed on when it ends. Defaults to false. */
  readonly isHeld?: boolean;
  /** Says of a chunk that it and all behind it are to be held. */
  readonly isHeldFrom?: (chunk: Buffer) => boolean;
  /** Passes each chunk on so many ms late. Defaults to 0. */
  readonly latencyMs?: number;
  /** Passes each byte on by itself. Defaults to false. */
  readonly isSliced?: boolean;
}

/** What pipes did to bytes so far: the proof that a fault took place. */
export interface PipeFigures {
  heldBytes: number;
  lateChunks: number;
  slicedBytes: number;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** One direction of a proxied connection: passes chunks on in their order, as the present fault has it. */
export class Pipe {
  private readonly queue: { readonly chunk: Buffer; readonly atMs: number }[] = [];
  private isBusy = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly to: Socket,
    private fault: PipeFault,
    private readonly figures: PipeFigures,
  ) {}

  /** Takes a chunk. */
  write(chunk: Buffer): void {
    if (this.fault.isHeldFrom?.(chunk)) this.fault = { isHeld: true };
    const { isHeld = false, latencyMs = 0 } = this.fault;
    if (isHeld) this.figures.heldBytes += chunk.length;
    if (latencyMs > 0) this.figures.lateChunks++;
    this.queue.push({ chunk, atMs: performance.now() + latencyMs });
    void this.flush();
  }

  /** Changes the fault; what was held or late under the former one follows under this one. */
  become(fault: PipeFault): void {
    this.fault = fault;
    void this.flush();
  }

  /** Forgets what was not passed on yet. */
  close(): void {
    clearTimeout(this.timer);
    this.queue.length = 0;
  }

  private async flush(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    clearTimeout(this.timer);
    for (let next = this.queue[0]; next !== undefined && !this.fault.isHeld; next = this.queue[0]) {
      const waitMs = next.atMs - performance.now();
      if (waitMs > 0 && this.fault.latencyMs) {
        this.timer = setTimeout(() => void this.flush(), waitMs);
        break;
      }
      this.queue.shift();
      if (this.fault.isSliced) await this.slice(next.chunk);
      else this.to.write(next.chunk);
    }
    this.isBusy = false;
  }

  private async slice(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length && this.to.writable; at++) {
      this.to.write(chunk.subarray(at, at + 1));
      this.figures.slicedBytes++;
      await turn();
    }
  }
}
