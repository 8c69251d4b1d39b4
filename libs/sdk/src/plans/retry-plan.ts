import { carriesAll, type RerunOutcome, type TaskFacts } from '@shunt/lanes';

/** What a retry by hand would meet, and what that would do. */
export interface RetryPlan {
  readonly outcome: RerunOutcome;
  /** In a few words. */
  readonly would: string;
}

/** The plans of tasks that would not run again. */
export const refusedRetries = {
  missing: { outcome: 'missing', would: 'There is no such task: nothing would change.' },
  'not-failed': {
    outcome: 'not-failed',
    would: 'Only a task that has failed or was cancelled runs again: nothing would change.',
  },
} as const satisfies Readonly<Record<string, RetryPlan>>;

/** Says what a retry of a task would do, as things are. */
export function retryPlan(facts: TaskFacts): RetryPlan {
  const { state } = facts.task;
  if (state === 'missing') return refusedRetries.missing;
  if (state !== 'failed' || facts.goesOnAt !== null) return refusedRetries['not-failed'];
  const would = `It would run again with all its attempts${behind(facts)}.${place(facts)}${obstacle(facts)}`;
  return { outcome: 'retried', would };
}

function behind({ agent }: TaskFacts): string {
  const ahead = (agent?.waiting ?? 0) + (agent?.current ? 1 : 0);
  if (ahead === 0) return '';
  return `, behind ${ahead === 1 ? 'another task' : `${ahead} other tasks`} of its agent`;
}

function place({ agent }: TaskFacts): string {
  if (agent?.pin) return ` Its agent is pinned to ${agent.pin.worker}.`;
  return agent?.home ? ` Its agent's home is ${agent.home}.` : '';
}

function obstacle({ agent, isPaused, workers, labels }: TaskFacts): string {
  if (isPaused) return ' The queue is paused: it would wait.';
  if (agent?.paused) return ` Its agent is paused by ${agent.paused.by}: it would wait until that is resumed.`;
  const fits = workers.some((worker) => worker.isRoutable && carriesAll(worker, labels));
  return fits ? '' : ' No worker that may run it takes tasks now: it would wait for one.';
}
