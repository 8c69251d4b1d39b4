import type { HistoryEvent } from '../history/events.js';
import { indexHistory } from './history-index.js';
import type { CheckOptions, Rule, RuleName, Violation } from './rule.js';
import { avoid } from './rules/avoid.js';
import { conservation } from './rules/conservation.js';
import { due } from './rules/due.js';
import { duplicate } from './rules/duplicate.js';
import { effect } from './rules/effect.js';
import { ejection } from './rules/ejection.js';
import { eligibility } from './rules/eligibility.js';
import { fence } from './rules/fence.js';
import { home } from './rules/home.js';
import { late } from './rules/late.js';
import { leader } from './rules/leader.js';
import { loss } from './rules/loss.js';
import { move } from './rules/move.js';
import { order } from './rules/order.js';
import { overlap } from './rules/overlap.js';
import { phantom } from './rules/phantom.js';
import { proof } from './rules/proof.js';
import { type HistoryStats, historyStats } from './stats.js';

/** What a check found: no violations is what the promises ask for. */
export interface CheckResult {
  readonly violations: readonly Violation[];
  readonly stats: HistoryStats;
  /** The rules that were applied. */
  readonly rules: readonly RuleName[];
}

const rules: Readonly<Record<RuleName, Rule>> = {
  loss,
  phantom,
  duplicate,
  overlap,
  order,
  home,
  move,
  avoid,
  fence,
  effect,
  eligibility,
  leader,
  ejection,
  due,
  late,
  proof,
  conservation,
};

/**
 * Holds the history of a run, of all its processes, against the rules.
 *
 * Pure; the events may come in any order. O(n log n).
 */
export function check(history: readonly HistoryEvent[], options: CheckOptions = {}): CheckResult {
  const index = indexHistory(history);
  const applied = options.rules ?? (Object.keys(rules) as RuleName[]);
  const violations = applied.flatMap((name) => rules[name](index, options));
  return { violations, stats: historyStats(index), rules: applied };
}
