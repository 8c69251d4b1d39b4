import { drainWorker, evictWorker, setBreaker, undrainWorker } from '../actions/workers.js';
import { part } from '../api/client.js';
import type { JournalEntry, ListedTask, WorkerBody } from '../api/types.js';
import { duration, moment, percent } from '../format.js';
import { useMe } from '../hooks/use-me.js';
import { usePages } from '../hooks/use-pages.js';
import { useQuery } from '../hooks/use-query.js';
import { ActionButton } from '../parts/action-button.js';
import { AgentsTable } from '../parts/agents-table.js';
import { Badge } from '../parts/badge.js';
import { Facts } from '../parts/facts.js';
import { JournalList } from '../parts/journal-list.js';
import { MoreButton } from '../parts/more-button.js';
import { Panel } from '../parts/panel.js';
import { SlotsBar } from '../parts/slots-bar.js';
import { TasksTable } from '../parts/tasks-table.js';
import { Trouble } from '../parts/trouble.js';

/** One worker: what it does, what waits for it, and what can be done with it. */
export function WorkerPage({ id }: { readonly id: string }) {
  const { may } = useMe();
  const { data, error, reload } = useQuery<WorkerBody>(`/workers/${part(id)}`);
  const tasks = usePages<ListedTask>(`/tasks?worker=${part(id)}`, 'tasks');
  const journal = usePages<JournalEntry>(`/journal?rare=true&limit=20&worker=${part(id)}`, 'entries');
  return (
    <>
      <header className="page-head">
        <h1>Worker {id}</h1>
        {data !== null && may('operator') ? (
          <div className="actions">
            <ActionButton action={data.state === 'drained' ? undrainWorker(id) : drainWorker(id)} onDone={reload} />
            <ActionButton action={evictWorker(id)} onDone={reload} />
            <ActionButton action={setBreaker(id, 'open')} onDone={reload} />
            <ActionButton action={setBreaker(id, 'close')} onDone={reload} />
            <ActionButton action={setBreaker(id, 'auto')} onDone={reload} />
          </div>
        ) : null}
      </header>
      <Trouble error={error} />
      {data === null ? null : (
        <Panel title="How it does">
          <WorkerFacts worker={data} />
        </Panel>
      )}
      <Panel title="Runs, and waits for it">
        <Trouble error={tasks.error} />
        <TasksTable tasks={tasks.items} atMs={tasks.atMs} empty="It runs nothing, and nothing waits in its lane." />
        <MoreButton pages={tasks} />
      </Panel>
      <Panel title="Agents that live here" aside={<a href={`#/agents?worker=${part(id)}`}>All of them</a>}>
        <AgentsTable worker={id} most={12} />
      </Panel>
      <Panel title="What happened to it">
        <JournalList entries={journal.items} empty="Nothing that the journal still knows." />
        <MoreButton pages={journal} />
      </Panel>
    </>
  );
}

function WorkerFacts({ worker }: { readonly worker: WorkerBody }) {
  const { state, breaker, slots, running, waiting, weight, zone, labels, host, pid, leaseUntil, responseMs } = worker;
  return (
    <Facts
      rows={[
        ['State', <Badge key="state" state={state} />],
        ['Breaker', <Badge key="breaker" state={breaker} />],
        ['Slots', <SlotsBar key="slots" slots={slots} running={running} waiting={waiting} />],
        ['An attempt takes', duration(responseMs)],
        ['Errors by its fault', percent(worker.errorRatio)],
        ['Weight', weight],
        ['Zone', zone ?? 'none'],
        [
          'Labels',
          Object.entries(labels)
            .map((pair) => pair.join('='))
            .join(', ') || 'none',
        ],
        ['Process', `${pid} on ${host}`],
        ['Lease until', moment(leaseUntil)],
      ]}
    />
  );
}
