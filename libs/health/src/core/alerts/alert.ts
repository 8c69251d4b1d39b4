import type { Reading } from './readings.js';

/**
 * An alert that is more than inactive. It goes
 *
 * - from inactive or resolved to pending when its rule finds something, and at once to firing where it need not hold for long;
 * - from pending to firing when it has held for long enough, back to inactive when it does not hold any more;
 * - from firing to resolved when it has been cleared for long enough;
 * - from resolved to inactive after a while.
 */
export interface Alert {
  readonly state: 'pending' | 'firing' | 'resolved';
  /** Since when it is in that state, in ms since 1970. */
  readonly sinceMs: number;
  /** Since when it is cleared while it still fires, null while it is not. */
  readonly clearSinceMs: number | null;
  /** The finding: the last one while it was raised, and of a resolved one what it was resolved by. */
  readonly value: number;
  readonly text: string;
  /** Whether people were told that it fires, or is resolved. */
  readonly isTold: boolean;
}

/** How long an alert's rule must hold, and how long it must be over, in ms. */
export interface Hold {
  readonly forMs: number;
  readonly keepMs: number;
}

/** How long a resolved alert is still shown, in ms. */
export const resolvedMs = 3_600_000;

/** What becomes of an alert with a reading; undefined is inactive. Without a reading it stays as it is. */
export function nextAlert(
  before: Alert | undefined,
  reading: Reading | null,
  { forMs, keepMs }: Hold,
  nowMs: number,
): Alert | undefined {
  if (before?.state === 'firing') return reading ? stillFiring(before, reading, keepMs, nowMs) : before;
  if (reading?.isRaised) {
    const sinceMs = before?.state === 'pending' ? before.sinceMs : nowMs;
    const isDue = nowMs - sinceMs >= forMs;
    const { value, text } = reading;
    const found = { value, text, clearSinceMs: null, isTold: false };
    return isDue ? { ...found, state: 'firing', sinceMs: nowMs } : { ...found, state: 'pending', sinceMs };
  }
  if (before?.state === 'pending') return reading ? undefined : before;
  return before && nowMs - before.sinceMs < resolvedMs ? before : undefined;
}

function stillFiring(before: Alert, reading: Reading, keepMs: number, nowMs: number): Alert {
  if (!reading.isCleared) {
    const { value, text } = reading.isRaised ? reading : before;
    return { ...before, value, text, clearSinceMs: null };
  }
  const clearSinceMs = before.clearSinceMs ?? nowMs;
  if (nowMs - clearSinceMs < keepMs) return { ...before, clearSinceMs };
  const { value, text } = reading;
  return { state: 'resolved', sinceMs: nowMs, clearSinceMs: null, value, text, isTold: false };
}
