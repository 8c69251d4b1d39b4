/**
 * Reads the clock of all histories: microseconds of CLOCK_MONOTONIC, one clock for all processes of a machine.
 *
 * A whole number, exact for 285 years of uptime. Costs about 0.1 us.
 */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
