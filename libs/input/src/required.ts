/** What to say of a value that is refused: of one that is not there, that it has to be, besides what it has to be. */
export function orRequired(value: unknown, message: string): string {
  return value === undefined ? `is required and ${message}` : message;
}
