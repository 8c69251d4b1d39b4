/** Says what is wrong with one field of an input; never holds the value that was refused. */
export interface FieldProblem {
  /** Path of the field as the caller writes it, such as `priority`, `backoff.delay` or `input.steps[3].when`. */
  readonly field: string;
  /** Rest of a sentence that begins with the field: `must be a string`. */
  readonly message: string;
  /** What would be accepted, where the message does not say it. */
  readonly expected?: string;
}
