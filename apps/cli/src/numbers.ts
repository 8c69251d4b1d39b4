import { type Duration, durationMs, durationProblem } from '@shunt/input';
import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`must be a whole number from ${min} to ${max}.`);
  };
}

/** Reads an option that is a duration within bounds, in ms: `2s`, or digits for ms. */
export function durationWithin(minMs: number, maxMs: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : text;
    const problem = durationProblem(value, { minMs, maxMs });
    if (problem === null) return durationMs(value as Duration);
    throw new InvalidArgumentError(`${problem}.`);
  };
}
