import { setTimeout as sleep } from 'node:timers/promises';
import { ShuntError } from '../shunt-error.js';

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
 * sight of Redis while it runs tasks. One that renewed it meanwhile and then fell silent has died since: its last lease is waited for.
 *
 * @throws ShuntError CONFLICT when that process goes on renewing its lease: it lives
 */
export async function claimId({ worker, join, signal, onWait }: IdClaim): Promise<void> {
  let giveUpAtMs: number | undefined;
  let longestMs = 0;
  for (;;) {
    const heldMs = await join();
    if (heldMs === null) return;
    longestMs = Math.max(longestMs, heldMs);
    if (giveUpAtMs === undefined) {
      giveUpAtMs = performance.now() + heldMs + lookMs;
      const what = `worker id ${worker} was last used by a process whose lease holds for ${heldMs} ms: waiting for its end`;
      onWait(new ShuntError('CONFLICT', what));
    } else if (performance.now() >= giveUpAtMs && heldMs > longestMs / 2) {
      const what = `worker id ${worker} is in use by another process: give each process an id of its own`;
      throw new ShuntError('CONFLICT', what);
    }
    await sleep(Math.min(heldMs, lookMs), undefined, { signal });
  }
}
