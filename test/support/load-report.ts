import { noServiceTimes } from '@shunt/balancing';
import type { LoadReport } from '@shunt/lanes';

const nothing = { counts: [], sumMs: 0 };

/** The report of a life that has done nothing, unless told otherwise. */
export function loadReport(incarnation: string, some: Partial<LoadReport> = {}): LoadReport {
  return {
    incarnation,
    countsOf: incarnation,
    running: 0,
    isDraining: false,
    configVersion: 0,
    completed: 0,
    failed: 0,
    postponed: 0,
    blamed: 0,
    finishedFailed: 0,
    warm: 0,
    cold: 0,
    times: noServiceTimes,
    alone: 0,
    waits: { soft: nothing, strict: nothing, none: nothing },
    eligible: [],
    eligibleSumMs: 0,
    runs: {},
    picked: 0,
    pickedAtMs: 0,
    responseMs: null,
    errorRatio: 0,
    trips: 0,
    tripReason: null,
    slowdown: 1,
    cpuRatio: 0,
    rssBytes: 0,
    eventLoopRatio: 0,
    eventLoopDelayMs: 0,
    ...some,
  };
}
