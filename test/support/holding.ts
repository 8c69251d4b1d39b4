import { Signal } from './pool.js';

/** A handler that keeps each task running until it may end, and returns its input. */
export function holding() {
  const started = new Signal();
  const mayEnd = new Signal();
  /** Inputs of its starts, in order. */
  const runs: unknown[] = [];
  const hold = async (input: unknown) => {
    runs.push(input);
    started.resolve();
    await mayEnd.seen;
    return input;
  };
  return { hold, started, mayEnd, runs };
}
