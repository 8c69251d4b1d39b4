import { pauseAgent, releaseAgent, resumeAgent, unpinAgent } from '../actions/agents.js';
import { part } from '../api/client.js';
import type { AgentBody, JournalEntry, ListedTask } from '../api/types.js';
import { duration, moment, plural } from '../format.js';
import { useMe } from '../hooks/use-me.js';
import { usePages } from '../hooks/use-pages.js';
import { useQuery } from '../hooks/use-query.js';
import { ActionButton } from '../parts/action-button.js';
import { Facts } from '../parts/facts.js';
import { JournalList } from '../parts/journal-list.js';
import { TaskLink, WorkerLink } from '../parts/links.js';
import { MoreButton } from '../parts/more-button.js';
import { Panel } from '../parts/panel.js';
import { SendAgent } from '../parts/send-agent.js';
import { TasksTable } from '../parts/tasks-table.js';
import { Trouble } from '../parts/trouble.js';
import { Why } from '../parts/why.js';

/** One agent: where it is, why its task does not run, and what can be done with it. */
export function AgentPage({ id }: { readonly id: string }) {
  const { may } = useMe();
  const { data, error, reload } = useQuery<AgentBody>(`/agents/${part(id)}`);
  const tasks = usePages<ListedTask>(`/tasks?agent=${part(id)}`, 'tasks');
  const journal = usePages<JournalEntry>(`/journal?limit=20&agent=${part(id)}`, 'entries');
  return (
    <>
      <header className="page-head">
        <h1>Agent {id}</h1>
        {may('operator') ? (
          <div className="actions">
            {data?.pin ? <ActionButton action={unpinAgent(id)} onDone={reload} /> : null}
            {data?.home ? <ActionButton action={releaseAgent(id)} onDone={reload} /> : null}
            <ActionButton action={data?.paused ? resumeAgent(id) : pauseAgent(id)} onDone={reload} />
          </div>
        ) : null}
      </header>
      <Trouble error={error} />
      {data === null ? null : (
        <Panel title="Where is it, and why does its task not run?">
          <AgentFacts agent={data} />
          {data.paused ? (
            <p className="why">
              It is paused by {data.paused.by} since {moment(data.paused.sinceMs)}: its tasks wait.
            </p>
          ) : null}
          {data.current === null ? (
            <p className="why">It has no task that is under way.</p>
          ) : (
            <Why task={data.current} />
          )}
          {data.waiting > 0 ? (
            <p className="why">
              {plural(data.waiting, 'task')} wait in its mailbox: an agent runs one task at a time, in order.
            </p>
          ) : null}
        </Panel>
      )}
      {may('operator') ? (
        <Panel title="Send it elsewhere">
          <SendAgent id={id} onDone={reload} />
        </Panel>
      ) : null}
      <Panel title="Its tasks">
        <Trouble error={tasks.error} />
        <TasksTable
          tasks={tasks.items}
          atMs={tasks.atMs}
          empty={tasks.isLoading ? 'Looking' : 'None waits, runs or is kept.'}
        />
        <MoreButton pages={tasks} />
      </Panel>
      <Panel title="Where it was">
        <JournalList entries={journal.items} empty="Nothing that the newest part of the journal knows." />
        <MoreButton pages={journal} />
      </Panel>
    </>
  );
}

function AgentFacts({
  agent: { state, home, current, waiting, fence, forgottenInMs, pin },
}: {
  readonly agent: AgentBody;
}) {
  return (
    <Facts
      rows={[
        ['State', state],
        ['Home', <WorkerLink key="home" id={home} />],
        ['Current task', <TaskLink key="current" id={current} />],
        ['Mailbox', plural(waiting, 'task')],
        [
          'Pin',
          pin === null
            ? 'none'
            : `${pin.worker}, ${pin.kind}, until ${pin.untilMs === null ? 'unpinned' : moment(pin.untilMs)}`,
        ],
        ['Fence', fence],
        [
          'Forgotten in',
          forgottenInMs === null ? 'not while it has a task, a pin or a pause' : duration(forgottenInMs),
        ],
      ]}
    />
  );
}
