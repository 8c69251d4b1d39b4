import type { HistoryEvent } from './events.js';

type FieldCheck = (value: unknown) => boolean;
type FieldsOf<Event> = Readonly<Record<Exclude<keyof Event, 'e' | 't' | 'pid'>, FieldCheck>>;
type Kinds = { readonly [Kind in HistoryEvent['e']]: FieldsOf<Required<Extract<HistoryEvent, { e: Kind }>>> };

const text: FieldCheck = (value) => typeof value === 'string';
const textOrNull: FieldCheck = (value) => value === null || text(value);
const textOrAbsent: FieldCheck = (value) => value === undefined || text(value);
const flagOrAbsent: FieldCheck = (value) => value === undefined || typeof value === 'boolean';
const number: FieldCheck = (value) => typeof value === 'number' && Number.isFinite(value);
const numberOrAbsent: FieldCheck = (value) => value === undefined || number(value);
const counts: FieldCheck = (value) => typeof value === 'object' && value !== null && Object.values(value).every(number);
const oneOf =
  (...allowed: readonly string[]): FieldCheck =>
  (value) =>
    text(value) && allowed.includes(value as string);

const assignment = { agent: text, worker: text, reason: text, fence: number, order: number };

const kinds: Kinds = {
  submit: {
    task: text,
    agent: textOrNull,
    n: number,
    delayed: flagOrAbsent,
    ttlMs: numberOrAbsent,
    isElsewhere: flagOrAbsent,
  },
  ok: { task: text },
  fail: { task: text, code: text },
  info: { task: text },
  placed: assignment,
  moved: { ...assignment, from: text },
  worker: {
    worker: text,
    state: oneOf('joined', 'drained', 'left', 'evicted'),
    order: number,
    term: numberOrAbsent,
  },
  leader: { dispatcher: text, term: number, order: number },
  breaker: { worker: text, to: oneOf('open', 'half-open', 'closed'), order: number },
  repaired: { agent: text, worker: text, reason: text, order: number },
  start: { task: text, agent: textOrNull, worker: text, fence: number, attempt: number, home: oneOf('warm', 'cold') },
  end: {
    task: text,
    agent: textOrNull,
    worker: text,
    attempt: number,
    outcome: oneOf('completed', 'failed', 'refused', 'postponed'),
    laterMs: numberOrAbsent,
  },
  effect: {
    task: text,
    agent: textOrNull,
    worker: text,
    fence: number,
    attempt: number,
    verdict: oneOf('accepted', 'repeated', 'stale'),
  },
  terminal: { task: text, state: oneOf('completed', 'failed', 'cancelled', 'expired') },
  fault: { name: text, detail: text, worker: textOrAbsent, isNetwork: flagOrAbsent, n: numberOrAbsent },
  proof: { n: number, seen: text },
  final: { counts },
};

/**
 * Names the first field of a parsed line that no event may have so, or null when the line is an event.
 *
 * A wrong log must stop the check: an event that is dropped in silence could hide the violation it would prove.
 */
export function wrongField(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'event';
  const event = value as Record<string, unknown>;
  if (!number(event.t)) return 't';
  if (!number(event.pid)) return 'pid';
  if (!text(event.e) || !Object.hasOwn(kinds, event.e as string)) return 'e';
  const fields: Readonly<Record<string, FieldCheck>> = kinds[event.e as HistoryEvent['e']];
  for (const [name, isRight] of Object.entries(fields)) {
    if (!isRight(event[name])) return name;
  }
  return null;
}
