import { type Duration, type DurationBounds, durationMs, durationProblem } from '@shunt/input';
import { invalidTask } from '@shunt/lanes';

/** Reads a duration of a caller as ms. @throws ShuntError INVALID_TASK naming the field. */
export function parseDuration(value: unknown, field: string, bounds: DurationBounds = {}): number {
  const message = durationProblem(value, bounds);
  if (message !== null) throw invalidTask([{ field, message }]);
  return durationMs(value as Duration);
}
