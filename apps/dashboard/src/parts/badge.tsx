const levels: Readonly<Record<string, string>> = {
  up: 'good',
  closed: 'good',
  completed: 'good',
  running: 'accent',
  out: 'bad',
  open: 'bad',
  dead: 'bad',
  failed: 'bad',
  cancelled: 'warn',
  'half-open': 'warn',
  draining: 'warn',
  drained: 'warn',
};

/** A state, in its colour and in words. */
export function Badge({ state }: { readonly state: string }) {
  return <span className={`badge ${levels[state] ?? 'plain'}`}>{state}</span>;
}
