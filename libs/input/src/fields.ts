import { z } from 'zod';
import { type DurationBounds, durationProblem } from './duration.js';
import { orRequired } from './required.js';

/** A field checked by a function that says what is wrong, or null. */
export const checked = <T>(problemOf: (value: unknown) => string | null) =>
  z.custom<T>((value) => problemOf(value) === null, {
    error: ({ input }) => orRequired(input, problemOf(input) ?? 'is not valid'),
  });

/** A duration within bounds. */
export const duration = (bounds: DurationBounds = {}) =>
  checked<number | string>((value) => durationProblem(value, bounds));

/** A whole number within bounds. */
export const wholeNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message);
};
