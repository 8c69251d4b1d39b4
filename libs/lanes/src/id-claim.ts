import { setTimeout as sleep } from 'node:timers/promises';
import { ShuntError } from './shunt-error.js';

/** Time between looks at an id that another process holds. */
const lookMs = 1000;

/** A worker id and how a process registers with it. */
export interface IdClaim {
  readonly worker: string;
  /** Resolves to null once registered, or to the ms for which another process holds the id. */
  readonly join: () => Promise<number | null>;
  /** Ends the wait, which rejects then. */
  readonly signal: AbortSignal;
  /** Told once when it has to wait. */
  readonly onWait: (error: Error) => void;
}

/**
 * Registers a process under a worker id. The lease of the process that had it before is waited for: that one may have died, or lost
 * sight of Redis while it runs tasks.
 *
 * @throws ShuntError CONFLICT when that process has renewed its lease meanwhile: it lives
 */
export async function claimId({ worker, join, signal, onWait }: IdClaim): Promise<void> {
  let giveUpAtMs: number | undefined;
  for (;;) {
    const heldMs = await join();
    if (heldMs === null) return;
    if (giveUpAtMs === undefined) {
      giveUpAtMs = performance.now() + heldMs + lookMs;
      const what = `worker id ${worker} was last used by a process whose lease holds for ${heldMs} ms: waiting for its end`;
      onWait(new ShuntError('CONFLICT', what));
    } else if (performance.now() >= giveUpAtMs) {
      const what = `worker id ${worker} is in use by another process: give each process an id of its own`;
      throw new ShuntError('CONFLICT', what);
    }
    await sleep(Math.min(heldMs, lookMs), undefined, { signal });
  }
}
