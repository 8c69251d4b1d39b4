import { withQuery } from '../api/client.js';
import type { ListedTask } from '../api/types.js';
import { count } from '../format.js';
import { useLive } from '../hooks/use-live.js';
import { usePages } from '../hooks/use-pages.js';
import { goTo, useRoute } from '../hooks/use-route.js';
import { MoreButton } from '../parts/more-button.js';
import { Panel } from '../parts/panel.js';
import { TasksTable } from '../parts/tasks-table.js';
import { Trouble } from '../parts/trouble.js';

const states = ['running', 'lane', 'yard', 'intake', 'delayed', 'failed', 'completed'] as const;

/** The tasks of the pool, by where they are. */
export function TasksPage() {
  const { now } = useLive();
  const { query } = useRoute();
  const state = query.get('state') ?? 'running';
  const pages = usePages<ListedTask>(withQuery('/tasks', { state, limit: '50' }), 'tasks');
  const depths: Readonly<Record<string, number>> = { ...now?.tasks };
  return (
    <>
      <h1>Tasks</h1>
      <div className="tabs" role="tablist" aria-label="State">
        {states.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={one === state}
            onClick={() => goTo('tasks', { state: one })}
          >
            {one} {depths[one] === undefined ? null : <small>{count(depths[one])}</small>}
          </button>
        ))}
      </div>
      <Panel
        title={state === 'failed' || state === 'completed' ? `${state}, newest first` : `${state}, oldest first`}
        aside="Mailboxes are listed on the page of each agent"
      >
        <Trouble error={pages.error} />
        <TasksTable
          tasks={pages.items}
          atMs={pages.atMs}
          empty={pages.isLoading ? 'Looking' : `No task is ${state}.`}
        />
        <MoreButton pages={pages} />
      </Panel>
    </>
  );
}
