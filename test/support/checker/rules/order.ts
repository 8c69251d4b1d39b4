import type { AgentRecord, HistoryIndex, Run, TaskRecord } from '../history-index.js';
import { faultOn, mayGoOnBeside } from '../lookup.js';
import type { Violation } from '../rule.js';

/**
 * Per agent: if enqueue(a) resolved before enqueue(b) was called, b does not start before the last end of a.
 *
 * The retries of a count. Judged by handlers alone, as the terminal event is seen late. Left out are delayed tasks;
 * tasks that never started (the loss rule asks after them); a run that a fault cut off and that was made up for by a
 * later one; and a run after its task was settled (the duplicate rule's). A task that ended unrun, as poison or cancelled, after its
 * worker was stopped in its last run is overtaken by none with a higher fence: that handler is its last one and may go on. Each task is reported once, against the
 * last of those that it overtook. One sweep over both sorted lists instead of all pairs; handlers that were left so are few.
 */
export function order(index: HistoryIndex): Violation[] {
  return [...index.agents.values()].flatMap((agent) => overtakenOf(index, agent));
}

function overtakenOf(index: HistoryIndex, agent: AgentRecord): Violation[] {
  const ran = agent.tasks.filter((record) => record.runs.length > 0 && record.submits[0]?.delayed !== true);
  const accepted = ran
    .filter((record) => record.oks.length > 0)
    .map((record) => ({ record, okUs: record.oks[0]?.t ?? Infinity, last: lastRun(index, record) }))
    .sort((left, right) => left.okUs - right.okUs);

  const violations: Violation[] = [];
  const left: (typeof accepted)[number][] = [];
  let next = 0;
  let latest: (typeof accepted)[number] | undefined;
  for (const record of ran) {
    const submit = record.submits[0];
    const first = record.runs[0];
    if (submit === undefined || first === undefined) continue;
    const { start } = first;
    for (let earlier = accepted[next]; earlier !== undefined && earlier.okUs < submit.t; earlier = accepted[next]) {
      if (isLeft(index, earlier)) left.push(earlier);
      else if (latest === undefined || runEndUs(earlier.last) > runEndUs(latest.last)) latest = earlier;
      next += 1;
    }
    const going = left.filter(({ last }) => !mayGoOnBeside(index, last, first));
    const overtaken = [latest, ...going].find((earlier) => earlier && start.t < runEndUs(earlier.last));
    if (overtaken === undefined) continue;
    const { end, start: lastStart } = overtaken.last;
    const events = [...overtaken.record.oks.slice(0, 1), submit, start, lastStart, ...(end === null ? [] : [end])];
    const message = `agent ${agent.agent}: task ${record.task} started before ${overtaken.record.task}, accepted earlier, was done`;
    violations.push({ rule: 'order', message, events: events.sort((left, right) => left.t - right.t) });
  }
  return violations;
}

/** Whether a task did not end by its last handler, which a fault had struck. */
function isLeft(index: HistoryIndex, { record, last: { start, end } }: { record: TaskRecord; last: Run }): boolean {
  const state = record.terminals[0]?.state;
  if (state !== 'failed' && state !== 'cancelled') return false;
  return faultOn(index, start.worker, start.t, end?.t ?? Infinity) !== undefined;
}

/** The run of the task that ended last, of those that count. A task here has at least one. */
function lastRun(index: HistoryIndex, record: TaskRecord): Run {
  const settledUs = record.terminals[0]?.t ?? Infinity;
  const counting = record.runs.filter((run, place) => {
    const isLastStart = place === record.runs.length - 1;
    const isCut = faultOn(index, run.start.worker, run.start.t, run.end?.t ?? Infinity) !== undefined;
    return run.start.t <= settledUs && (isLastStart || !isCut);
  });
  const runs = counting.length > 0 ? counting : record.runs.slice(0, 1);
  return runs.reduce((last, run) => (runEndUs(run) > runEndUs(last) ? run : last));
}

function runEndUs(run: Run): number {
  return run.end?.t ?? run.start.t;
}
