import { setTimeout as sleep } from 'node:timers/promises';

/** Redis before 7 puts its reason behind the place in the script: `ERR Error running script ...: -OOM command not allowed`. */
const passing = /(?:^|-)(?:OOM|LOADING|READONLY|MISCONF|MASTERDOWN|NOREPLICAS|UNBLOCKED|BUSY) /;

/** Time between tries while Redis refuses. */
export const refusedMs = 1000;

/** Whether Redis refused a call for a reason that may pass by itself: full memory or disk, loading, failing over. */
export function isPassing(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError' && passing.test(error.message);
}

/**
 * Calls Redis until it no longer refuses for a reason that may pass, once a second. Each refusal is told to `onRefused`.
 *
 * @param mayGoOn whether the answer still matters; asked after each refusal
 * @throws what the call throws for another reason, and the last refusal once it may not go on
 */
export async function patiently<T>(
  call: () => Promise<T>,
  mayGoOn: () => boolean,
  onRefused: (error: Error) => void,
): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || !mayGoOn()) throw error;
      onRefused(error);
      await sleep(refusedMs);
      if (!mayGoOn()) throw error;
    }
  }
}
