import { median, quantile } from '../stats.js';

/** What was measured in a trial: one value a task, call or round, and the bar that one number of them is held to. */
export interface Finding {
  readonly what: string;
  /** '' for a count or a ratio. */
  readonly unit: 's' | 'ms' | 'us' | '1/s' | '%' | '';
  readonly values: readonly number[];
  readonly judged: 'median' | 'p99' | 'max';
  /** What `judged` is held to; null for what is only told. */
  readonly bar: number | null;
  /** Whether the bar is the least that `judged` may be. Defaults to false: it is the most. */
  readonly isFloor?: boolean;
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
  const { bar, judged, isFloor = false } = finding;
  if (bar === null) return null;
  const figure = figuresOf(finding)[judged];
  return isFloor ? figure >= bar : figure <= bar;
}
