import { type Fullness, fullnessReasons } from '../fullness.js';
import type { RecentAttempts } from './attempt-window.js';
import { crashLoops, type Death } from './crash-loops.js';
import type { AlertLimits, holdsMs } from './limits.js';

/** What a leader sees of a worker. */
export interface SeenWorker {
  readonly id: string;
  /** Whether it is given tasks. */
  readonly isRoutable: boolean;
  /** Whether its lease is over. */
  readonly isDead: boolean;
  /** Whether it is dead and another one is in its place. */
  readonly isReplaced: boolean;
  /** Whether it is out because somebody or it itself said so. */
  readonly isLeaving: boolean;
  readonly isBreakerOpen: boolean;
  readonly slots: number;
  readonly running: number;
  /** Tasks in its lane. */
  readonly waiting: number;
}

/** A pool as its alerts are judged by. */
export interface AlertFacts {
  /** Null while nobody knows. */
  readonly attempts: RecentAttempts | null;
  readonly workers: readonly SeenWorker[];
  /** Tasks that wait anywhere. */
  readonly waiting: number;
  readonly oldestAgeMs: number;
  /** Why new tasks are refused, null while they are taken. */
  readonly fullness: Fullness | null;
  /** Whether its queue is paused: then nothing is taken from it. */
  readonly isPaused: boolean;
  /** Agents and lanes that were stuck and put right within the last minutes. */
  readonly repairs: number;
  /** Whether Redis lost the pool's data within the last minutes. */
  readonly hasLostData: boolean;
  /** Workers that died within the last 20 minutes. */
  readonly deaths: readonly Death[];
  /** Tasks that were failed as poison meanwhile. */
  readonly poisoned: readonly string[];
}

/** What a rule finds. Between raised and cleared it stays as it is, so that an alert does not flap. */
export interface Reading {
  readonly isRaised: boolean;
  readonly isCleared: boolean;
  /** What was measured: a share, seconds or a number, as the alert has it. */
  readonly value: number;
  /** The finding in a sentence, also where it is that nothing is wrong. */
  readonly text: string;
}

/** Fewest attempts that say anything of a pool. */
const leastAttempts = 20;
/** A value must fall to this share of its limit before it counts as over. */
const clearShare = 0.8;
/** Least load of the others that one worker's is compared with, in tasks for each slot. */
const leastLoad = 0.5;
/** Most different minutes in which workers of one host may die. */
const maxFatalMinutes = 2;

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
const seconds = (ms: number) => `${Math.round(ms / 10) / 100} s`;
const above = (value: number, limit: number, text: string): Reading => {
  return { value, isRaised: value > limit, isCleared: value <= clearShare * limit, text };
};

const either = (isRaised: boolean, text: string, otherwise: string): Reading => {
  return { value: isRaised ? 1 : 0, isRaised, isCleared: !isRaised, text: isRaised ? text : otherwise };
};

/** Reads every rule; null where there is nothing to judge by, which leaves an alert as it is. */
export function readings(
  facts: AlertFacts,
  limits: AlertLimits,
): Readonly<Record<keyof typeof holdsMs, Reading | null>> {
  return {
    high_error_rate: errorRate(facts, limits),
    slow_response: slowResponse(facts, limits),
    node_down: nodeDown(facts, limits),
    no_workers: noWorkers(facts),
    work_is_late: above(
      facts.oldestAgeMs / 1000,
      limits.lateAfterMs / 1000,
      `The next task has waited for ${seconds(facts.oldestAgeMs)}; ${seconds(limits.lateAfterMs)} are allowed`,
    ),
    hot_worker: hotWorker(facts, limits),
    pool_full: either(
      facts.fullness !== null,
      `New tasks are refused: ${fullnessReasons[facts.fullness ?? 'tasks']}`,
      'New tasks are taken',
    ),
    pool_paused: either(
      facts.isPaused,
      `The queue is paused: no worker takes a task; ${facts.waiting} wait`,
      'The queue is not paused',
    ),
    breakers_open: breakersOpen(facts),
    stuck_agent: stuckAgent(facts),
    crash_loop: crashLoop(facts),
    poison: poison(facts),
    data_lost: dataLost(facts),
  };
}

function errorRate({ attempts }: AlertFacts, { errorRate: limit }: AlertLimits): Reading | null {
  if (attempts === null) return null;
  const { ended, failed } = attempts;
  const share = ended < leastAttempts ? 0 : failed / ended;
  return above(share, limit, `${failed} of ${ended} attempts of the last minute failed; ${percent(limit)} may`);
}

function slowResponse({ attempts }: AlertFacts, { slowMeanMs, slowP99Ms }: AlertLimits): Reading | null {
  if (attempts === null) return null;
  const { ended, meanMs, p99Ms } = attempts;
  if (ended < leastAttempts) return { value: 0, isRaised: false, isCleared: true, text: 'Hardly anything ran' };
  const p99 = Number.isFinite(p99Ms) ? `99 % within ${seconds(p99Ms)}` : '1 % longer than all bounds';
  return {
    value: meanMs / 1000,
    isRaised: meanMs > slowMeanMs || p99Ms > slowP99Ms,
    isCleared: meanMs <= clearShare * slowMeanMs && p99Ms <= slowP99Ms,
    text: `Attempts of the last minute took ${seconds(meanMs)} on average, ${p99}; ${seconds(slowMeanMs)} and ${seconds(slowP99Ms)} are allowed`,
  };
}

function nodeDown({ workers }: AlertFacts, { healthyShare }: AlertLimits): Reading {
  const meant = workers.filter(({ isLeaving, isReplaced }) => !isLeaving && !isReplaced);
  const missed = meant.filter(({ isRoutable }) => !isRoutable);
  const share = meant.length === 0 ? 1 : 1 - missed.length / meant.length;
  const told = (what: string, isDead: boolean) => {
    const ids = missed.filter((worker) => worker.isDead === isDead).map(({ id }) => id);
    return ids.length === 0 ? '' : `; ${what}: ${named(ids)}`;
  };
  const up = `${meant.length - missed.length} of ${meant.length} workers receive tasks`;
  const text = `${up}${told('dead', true)}${told('out', false)}`;
  return { value: share, isRaised: share < healthyShare, isCleared: share >= (healthyShare + 1) / 2, text };
}

function noWorkers({ workers, waiting }: AlertFacts): Reading {
  const up = workers.filter(({ isRoutable }) => isRoutable).length;
  const isMissed = waiting > 0 || workers.some(({ isLeaving }) => !isLeaving);
  const otherwise = up === 0 ? 'No worker receives tasks, and none has to' : `Workers that receive tasks: ${up}`;
  return { ...either(up === 0 && isMissed, `No worker receives tasks; ${waiting} wait`, otherwise), value: up };
}

function hotWorker({ workers }: AlertFacts, { hotWorker: limit }: AlertLimits): Reading {
  const up = workers.filter(({ isRoutable, slots }) => isRoutable && slots > 0);
  const loadOf = ({ running, waiting, slots }: SeenWorker) => (running + waiting) / slots;
  const [hottest, ...others] = [...up].sort((a, b) => loadOf(b) - loadOf(a));
  if (hottest === undefined || others.length === 0) {
    return { value: 0, isRaised: false, isCleared: true, text: 'There are no workers to compare' };
  }
  const mean = others.reduce((sum, one) => sum + loadOf(one), 0) / others.length;
  const isBehind = hottest.waiting >= 2 * hottest.slots;
  const ratio = isBehind ? loadOf(hottest) / Math.max(leastLoad, mean) : 0;
  const load = Math.round(loadOf(hottest) * 10) / 10;
  return above(
    ratio,
    limit,
    `Worker ${hottest.id} has ${load} tasks for each slot, the others ${Math.round(mean * 10) / 10}`,
  );
}

function breakersOpen({ workers }: AlertFacts): Reading {
  const open = workers.filter(({ isBreakerOpen }) => isBreakerOpen).map(({ id }) => id);
  if (open.length === 0) return above(0, 0, 'No breaker is open');
  const [which, are] =
    open.length === 1 ? ['breaker of 1 worker', 'is'] : [`breakers of ${open.length} workers`, 'are'];
  return above(open.length, 0, `The ${which} ${are} open: ${named(open)}`);
}

function stuckAgent({ repairs }: AlertFacts): Reading {
  if (repairs === 0) return above(0, 0, 'No agent or lane was stuck within the last 5 minutes');
  const what = repairs === 1 ? 'stuck agent or lane was' : 'stuck agents or lanes were';
  return above(repairs, 0, `${repairs} ${what} put right within the last 5 minutes`);
}

function crashLoop({ deaths }: AlertFacts): Reading {
  const [worst] = crashLoops(deaths);
  if (worst === undefined) return above(0, maxFatalMinutes, 'No worker died within the last 20 minutes');
  const times = `${worst.deaths} times within the last 20 minutes, in ${worst.minutes} of them`;
  return above(worst.minutes, maxFatalMinutes, `Workers of host ${worst.host} died ${times}: ${named(worst.workers)}`);
}

function poison({ poisoned }: AlertFacts): Reading {
  if (poisoned.length === 0) return above(0, 0, 'No task failed as poison within the last 20 minutes');
  const text = `Workers died while they ran these tasks, which failed as poison: ${named(poisoned)}`;
  return above(poisoned.length, 0, text);
}

function dataLost({ hasLostData }: AlertFacts): Reading {
  const lost = 'Redis came back without the data of this pool: what was enqueued before is gone';
  return either(hasLostData, lost, 'Redis has kept its data for 5 minutes');
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, 5).join(', ');
  if (ids.length === 0) return 'none';
  return ids.length > 5 ? `${shown} and ${ids.length - 5} more` : shown;
}
