const zoneName = /^[A-Za-z0-9_.-]{1,63}$/;

/** Says why a value is no zone, or null when it is one. */
export function zoneProblem(value: unknown): string | null {
  if (typeof value === 'string' && zoneName.test(value)) return null;
  return 'must be 1 to 63 characters of A-Z, a-z, 0-9, dot, dash and underscore';
}
