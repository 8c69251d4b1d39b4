import { cancelTask, retryTask } from '../actions/tasks.js';
import { part } from '../api/client.js';
import type { EndingBody, TaskBody } from '../api/types.js';
import { duration, moment } from '../format.js';
import { useMe } from '../hooks/use-me.js';
import { useQuery } from '../hooks/use-query.js';
import { ActionButton } from '../parts/action-button.js';
import { Badge } from '../parts/badge.js';
import { Facts } from '../parts/facts.js';
import { AgentLink, WorkerLink } from '../parts/links.js';
import { Panel } from '../parts/panel.js';
import { Trouble } from '../parts/trouble.js';
import { Why } from '../parts/why.js';

/** One task: where it is and why, how it ended, and what can be done with it. */
export function TaskPage({ id }: { readonly id: string }) {
  const { may } = useMe();
  const { data, error, reload } = useQuery<TaskBody>(`/tasks/${part(id)}`);
  const hasEnded = data?.state === 'completed' || data?.state === 'failed';
  const ending = useQuery<EndingBody>(hasEnded ? `/tasks/${part(id)}/result` : null, { isOnce: true });
  return (
    <>
      <header className="page-head">
        <h1>
          Task <span className="id">{id}</span>
        </h1>
        {data !== null && may('submitter') ? (
          <div className="actions">
            {data.state === 'failed' ? <ActionButton action={retryTask(id)} onDone={reload} /> : null}
            {hasEnded ? null : <ActionButton action={cancelTask(id)} onDone={reload} />}
          </div>
        ) : null}
      </header>
      <Trouble error={error} />
      {data === null ? null : (
        <>
          <Panel title="Where is it, and why?">
            <TaskFacts task={data} />
            <Why task={id} />
          </Panel>
          {ending.data === null ? null : (
            <Panel title="How it ended">
              <pre className="result">{resultOf(ending.data)}</pre>
            </Panel>
          )}
        </>
      )}
    </>
  );
}

function TaskFacts({ task }: { readonly task: TaskBody }) {
  const { agentId, state, worker, attemptsMade, enqueuedAt, startedAt, finishedAt } = task;
  const tookMs = startedAt !== null && finishedAt !== null ? finishedAt - startedAt : null;
  return (
    <Facts
      rows={[
        ['State', <Badge key="state" state={state} />],
        ['Agent', <AgentLink key="agent" id={agentId} />],
        ['Worker', <WorkerLink key="worker" id={worker} />],
        ['Attempts that ended', attemptsMade],
        ['Enqueued', moment(enqueuedAt)],
        ['Started', moment(startedAt)],
        ['Ended', moment(finishedAt)],
        ['Waited', enqueuedAt !== null && startedAt !== null ? duration(startedAt - enqueuedAt) : '-'],
        ['Took', duration(tookMs)],
      ]}
    />
  );
}

function resultOf({ outcome, value, reason }: EndingBody): string {
  return reason ?? (value === undefined ? outcome : JSON.stringify(value, null, 2));
}
