import type { HistoryEvent } from '../history/events.js';
import type { HistoryIndex } from './history-index.js';

/** The rules a history is held against; each is told in its own file in `rules/`. */
export type RuleName =
  | 'loss'
  | 'phantom'
  | 'duplicate'
  | 'overlap'
  | 'order'
  | 'home'
  | 'move'
  | 'avoid'
  | 'fence'
  | 'effect'
  | 'eligibility'
  | 'leader'
  | 'ejection'
  | 'due'
  | 'late'
  | 'proof'
  | 'conservation';

/** One breach of one rule, with the events that prove it, in their order. */
export interface Violation {
  readonly rule: RuleName;
  readonly message: string;
  readonly events: readonly HistoryEvent[];
}

/** What a check takes for granted. */
export interface CheckOptions {
  /**
   * Whether the run went on until everything was settled. Defaults to true.
   * In a history cut short a task without an end is no loss, and no final counts are asked for.
   */
  readonly isComplete?: boolean;
  /**
   * How long after a fault a start may still be its doing, microseconds. Defaults to 30,000,000, twice the time
   * in which a dead worker's tasks run again. A longer fault is written once more when it is lifted.
   */
  readonly faultReachUs?: number;
  /**
   * How long a task may wait for its first start, and a run that a fault cut off for the next one, microseconds. Defaults to
   * no bound: how long is bearable depends on the load.
   */
  readonly withinUs?: number;
  /** How long an idle agent keeps its home, microseconds. Defaults to not known: an agent may be new again any time. */
  readonly sessionUs?: number;
  /** The rules to apply. Defaults to all of them; a baseline without homes has no use for `home` and `fence`. */
  readonly rules?: readonly RuleName[];
}

/** A rule: a pure function from an indexed history to its breaches, in O(n log n). */
export type Rule = (index: HistoryIndex, options: CheckOptions) => Violation[];
