/** Rules of the breakers of a pool. Durations in ms. */
export interface BreakerRules {
  /** How long the first opening lasts; each next one in a row twice as long. */
  readonly openMs: number;
  /** Longest opening. */
  readonly maxOpenMs: number;
  /** Attempts a half-open worker is judged by, and the most it runs at once. */
  readonly probes: number;
  /** How long a worker that closed takes until it has all of its slots again. */
  readonly slowStartMs: number;
}

/**
 * A worker's breaker.
 *
 * | from | to | when |
 * |---|---|---|
 * | closed | open | the worker is sick, and the pool can spare it |
 * | open | half-open | its time is over or a new life began, and no check says that it is down |
 * | half-open | closed | it has ended as many attempts as there are probes, less than half of them failed |
 * | half-open | open | half of the probes have failed, or a check says that it is down, and the pool can spare it; for twice as long |
 * | any | open, closed | an operator says so; `auto` goes on from there |
 *
 * `openings` is how often it opened in a row: it is forgotten once a slow start has passed.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly openings: number; readonly sinceMs: number }
  | { readonly state: 'open'; readonly openings: number; readonly untilMs: number; readonly life: string }
  | { readonly state: 'half-open'; readonly openings: number; readonly life: string; readonly from: Attempts };

/** Attempts of a life that ended, and those of them that failed by the worker's fault. */
export interface Attempts {
  readonly ended: number;
  readonly failed: number;
}

/** What is known of a worker. */
export interface Patient {
  /** Names its life: another one after a restart. */
  readonly life: string;
  readonly attempts: Attempts;
  /** Whether it is sick. */
  readonly isSick: boolean;
  /** Whether it may be tried again: not while a check says that it is down. */
  readonly mayProbe: boolean;
}

/** A breaker that never opened. */
export const neverOpened: Breaker = { state: 'closed', openings: 0, sinceMs: 0 };

/** The breaker after a look at its worker. `canSpare` is whether the pool can do without it. */
export function nextBreaker(
  breaker: Breaker,
  patient: Patient,
  rules: BreakerRules,
  nowMs: number,
  canSpare: boolean,
): Breaker {
  switch (breaker.state) {
    case 'closed':
      if (patient.isSick && canSpare) return opened(breaker, patient, rules, nowMs);
      return breaker.openings > 0 && nowMs >= breaker.sinceMs + rules.slowStartMs ? neverOpened : breaker;
    case 'open': {
      const isOver = nowMs >= breaker.untilMs || patient.life !== breaker.life;
      if (!isOver || !patient.mayProbe) return breaker;
      return halfOpened(breaker, patient);
    }
    case 'half-open':
      if (patient.life !== breaker.life) return halfOpened(breaker, patient);
      return judged(breaker, patient, rules, nowMs, canSpare);
  }
}

/** The breaker an operator opens: without the order its time is over. */
export function forcedOpen({ openings }: Breaker, { life }: Patient): Breaker {
  return { state: 'open', openings, untilMs: 0, life };
}

/** Slots a worker may use at most, null for all of them. */
export function slotLimit(breaker: Breaker, slots: number, rules: BreakerRules, nowMs: number): number | null {
  if (breaker.state === 'open') return 0;
  if (breaker.state === 'half-open') return Math.min(rules.probes, slots);
  const elapsedMs = nowMs - breaker.sinceMs;
  if (breaker.openings === 0 || elapsedMs >= rules.slowStartMs) return null;
  // From a tenth to all, as Envoy's slow start with its default minimum weight.
  return Math.max(1, Math.ceil(slots * (0.1 + (0.9 * elapsedMs) / rules.slowStartMs)));
}

function opened({ openings }: Breaker, { life }: Patient, rules: BreakerRules, nowMs: number): Breaker {
  const forMs = Math.min(rules.openMs * 2 ** Math.min(openings, 30), rules.maxOpenMs);
  return { state: 'open', openings: openings + 1, untilMs: nowMs + forMs, life };
}

function halfOpened({ openings }: Breaker, { life, attempts }: Patient): Breaker {
  return { state: 'half-open', openings, life, from: attempts };
}

function judged(
  breaker: Breaker & { state: 'half-open' },
  patient: Patient,
  rules: BreakerRules,
  nowMs: number,
  canSpare: boolean,
): Breaker {
  const ended = patient.attempts.ended - breaker.from.ended;
  const failed = patient.attempts.failed - breaker.from.failed;
  const hasFailed = failed > 0 && failed * 2 >= Math.max(ended, rules.probes);
  if ((hasFailed || !patient.mayProbe) && canSpare) return opened(breaker, patient, rules, nowMs);
  if (!patient.mayProbe) return breaker;
  if (hasFailed) return halfOpened(breaker, patient);
  if (ended < rules.probes) return breaker;
  return { state: 'closed', openings: breaker.openings, sinceMs: nowMs };
}
