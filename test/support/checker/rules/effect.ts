import type { EffectEvent } from '../../history/events.js';
import type { AgentRecord, HistoryIndex, TaskRecord } from '../history-index.js';
import { defaultFaultReachUs, faultOn } from '../lookup.js';
import type { CheckOptions, Violation } from '../rule.js';

/**
 * The effects of handlers, as a store outside of the pool took them: one of each completed task; those of an agent in the
 * order of its tasks, their fences never falling; and none refused as stale but from a worker that a fault struck.
 *
 * The order is that of promise 4: if enqueue(a) resolved before enqueue(b) was called, a's effect is before b's. Delayed tasks
 * are left out. A history without any effect is not asked for them.
 */
export function effect(index: HistoryIndex, options: CheckOptions): Violation[] {
  const records = [...index.tasks.values()];
  if (records.every(({ effects }) => effects.length === 0)) return [];
  const reachUs = options.faultReachUs ?? defaultFaultReachUs;
  return [
    ...records.flatMap(missing),
    ...records.flatMap((record) => staleWithoutCause(index, record, reachUs)),
    ...[...index.agents.values()].flatMap(disordered),
  ];
}

const acceptedOf = ({ effects }: TaskRecord) => effects.filter(({ verdict }) => verdict === 'accepted');

function missing(record: TaskRecord): Violation[] {
  const accepted = acceptedOf(record);
  const terminal = record.terminals[0];
  if (accepted.length > 1) {
    const message = `the effect of task ${record.task} was accepted ${accepted.length} times`;
    return [{ rule: 'effect', message, events: accepted }];
  }
  if (terminal?.state !== 'completed' || accepted.length === 1 || record.submits.length === 0) return [];
  const message = `task ${record.task} completed, and its effect was never accepted`;
  return [{ rule: 'effect', message, events: [...record.effects, terminal] }];
}

function staleWithoutCause(index: HistoryIndex, record: TaskRecord, reachUs: number): Violation[] {
  const stale = record.effects.filter(({ verdict }) => verdict === 'stale');
  return stale
    .filter(({ worker, t }) => faultOn(index, worker, t - reachUs, t) === undefined)
    .map((event) => {
      const message = `task ${record.task} wrote under the old fence ${event.fence} on ${event.worker}, which no fault had struck`;
      return { rule: 'effect', message, events: [event] };
    });
}

interface Written {
  readonly record: TaskRecord;
  readonly effect: EffectEvent;
}

/** Two sweeps: over the effects by time for their fences, over the tasks by submit for their order. */
function disordered({ agent, tasks }: AgentRecord): Violation[] {
  const written = tasks.flatMap((record) => acceptedOf(record).map((effect): Written => ({ record, effect })));
  const violations: Violation[] = [];
  const report = (message: string, left: Written, right: Written) =>
    violations.push({ rule: 'effect', message: `agent ${agent}: ${message}`, events: [left.effect, right.effect] });

  const byTime = [...written].sort((left, right) => left.effect.t - right.effect.t);
  byTime.forEach((later, place) => {
    const earlier = byTime[place - 1];
    if (earlier === undefined || earlier.effect.fence <= later.effect.fence) return;
    report(`fence ${later.effect.fence} was accepted after ${earlier.effect.fence}`, earlier, later);
  });

  const ordered = written.filter(({ record }) => record.submits[0]?.delayed !== true);
  const byOk = ordered
    .filter(({ record }) => record.oks.length > 0)
    .sort((left, right) => (left.record.oks[0]?.t ?? 0) - (right.record.oks[0]?.t ?? 0));
  let next = 0;
  let latest: Written | undefined;
  for (const later of ordered) {
    const submittedUs = later.record.submits[0]?.t ?? 0;
    for (let earlier = byOk[next]; earlier && (earlier.record.oks[0]?.t ?? 0) < submittedUs; earlier = byOk[next]) {
      if (latest === undefined || earlier.effect.t > latest.effect.t) latest = earlier;
      next += 1;
    }
    if (latest === undefined || latest.effect.t <= later.effect.t) continue;
    report(`the effect of ${later.record.task} came before that of ${latest.record.task}`, later, latest);
  }
  return violations;
}
