import ms, { type StringValue } from 'ms';

/** A span of time: whole milliseconds, or a number with its unit: `'250ms' '30s' '5m' '1.5h' '7d'`. */
export type Duration = number | string;

/** Longest duration of any option: 365 days. BullMQ keeps delays in the low digits of a double, so they must be bounded. */
export const maxDurationMs = 365 * 24 * 3_600_000;

/** Longest duration of a timer: 24 days. Node runs a timer above 2^31 ms at once. */
export const maxTimerMs = 24 * 24 * 3_600_000;

/** Spelling of a duration text. Narrower than the ms package: no sign, no space, no bare number, no `year`. */
export const durationText = /^\d{1,15}(?:\.\d{1,6})?(?:ms|s|m|h|d)$/;

/** Bounds of one duration. */
export interface DurationBounds {
  /** Smallest accepted, in ms. Defaults to 0. */
  readonly minMs?: number;
  /** Largest accepted, in ms. Defaults to 365 days. */
  readonly maxMs?: number;
}

/** Says why a value is not a duration within the bounds, or null when it is one; never holds the value. */
export function durationProblem(
  value: unknown,
  { minMs = 0, maxMs = maxDurationMs }: DurationBounds = {},
): string | null {
  const isShaped = typeof value === 'string' ? durationText.test(value) : Number.isInteger(value);
  if (!isShaped) return "must be whole milliseconds, or a text such as '250ms', '30s', '5m', '1h'";
  const spanMs = durationMs(value as Duration);
  const isWithin = spanMs >= minMs && spanMs <= maxMs;
  return isWithin ? null : `must be from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
}

/** Reads a checked duration as ms, rounded to the millisecond. */
export function durationMs(value: Duration): number {
  return typeof value === 'number' ? value : Math.round(ms(value as StringValue));
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Writes ms exactly, in the largest unit that divides them: `90000` as `90s`. Read back, it is the same number. */
export function formatDuration(spanMs: number): string {
  if (spanMs === 0) return '0ms';
  const [unit, size] = units.find(([, unitMs]) => spanMs % unitMs === 0) ?? ['ms', 1];
  return `${spanMs / size}${unit}`;
}
