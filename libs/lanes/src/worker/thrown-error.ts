/** What was thrown, as an Error. `who` threw it, as the message says of what is none. */
export function thrownError(thrown: unknown, who: string): Error {
  return thrown instanceof Error ? thrown : new Error(`${who} threw ${String(thrown)}, which is no Error`);
}
