import type { Outcome } from '../run-scenario.js';

/** One policy in one scenario, an outcome for each seed. */
export interface Result {
  readonly scenario: string;
  readonly policy: string;
  readonly idealWaitP99: readonly number[];
  readonly idealWarm: readonly number[];
  readonly outcomes: readonly Outcome[];
  /** R2 of the first seed, of the default policy only. */
  readonly sameWorkRatios?: readonly number[];
}

/** The mean over seeds. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean over seeds of one figure. */
export function meanOf({ outcomes }: Result, figure: Exclude<keyof Outcome, 'policy' | 'recoverySeconds'>): number {
  return mean(outcomes.map((outcome) => outcome[figure]));
}

/** A number in as many digits as it deserves. */
export function shown(value: number, digits = 2): string {
  if (Number.isNaN(value)) return '-';
  return value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toFixed(value >= 10 ? Math.min(1, digits) : digits);
}

/** The seconds until waits were usual again, of each seed; a dash for never. */
export function recoveries({ outcomes }: Result): string {
  if (outcomes[0]?.recoverySeconds === undefined) return '';
  return outcomes.map(({ recoverySeconds }) => recoverySeconds ?? '-').join(' ');
}
