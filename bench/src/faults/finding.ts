import { median, quantile } from '../stats.js';

/** What was measured of a fault: one value a task, call or round, and the bar that one number of them is held to. */
export interface Finding {
  readonly what: string;
  /** '' for a count. */
  readonly unit: 's' | 'ms' | '';
  readonly values: readonly number[];
  readonly judged: 'median' | 'p99' | 'max';
  /** The most that `judged` may be; null for what is only told. */
  readonly bar: number | null;
}

/** Numbers of a finding. */
export interface Figures {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** The numbers a finding is told by; all NaN when nothing was measured. */
export function figuresOf({ values }: Finding): Figures {
  return { median: median(values), p99: quantile(values, 0.99), max: quantile(values, 1) };
}

/** Whether a finding is within its bar, null when it has none. Nothing measured is not within it. */
export function isMet(finding: Finding): boolean | null {
  return finding.bar === null ? null : figuresOf(finding)[finding.judged] <= finding.bar;
}
