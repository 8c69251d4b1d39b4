import { invalidConfig } from '../shunt-error.js';
import type { DispatcherOptions } from './dispatcher.js';

/** The times of a dispatcher, in ms. */
export interface DispatcherTiming {
  readonly leaseMs: number;
  readonly sweepMs: number;
  readonly marginMs: number;
}

/**
 * Reads them with their defaults. A leader is trusted to declare workers dead while its rounds begin within half of its lease: with
 * longer sweeps it never was.
 *
 * @throws ShuntError INVALID_CONFIG naming sweep
 */
export function dispatcherTiming(options: Pick<DispatcherOptions, 'lease' | 'sweep' | 'margin'>): DispatcherTiming {
  const leaseMs = options.lease ?? 10_000;
  const sweepMs = options.sweep ?? Math.min(2000, leaseMs / 4);
  if (sweepMs >= leaseMs / 2) {
    const message = `must be less than half of the lease, ${leaseMs / 2} ms, and is ${sweepMs} ms`;
    throw invalidConfig([{ field: 'sweep', message }]);
  }
  return { leaseMs, sweepMs, marginMs: options.margin ?? leaseMs / 10 };
}
