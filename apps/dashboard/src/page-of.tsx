import { AgentPage } from './pages/agent.js';
import { AgentsPage } from './pages/agents.js';
import { EventsPage } from './pages/events.js';
import { OverviewPage } from './pages/overview.js';
import { PoolPage } from './pages/pool.js';
import { TaskPage } from './pages/task.js';
import { TasksPage } from './pages/tasks.js';
import { WorkerPage } from './pages/worker.js';
import { WorkersPage } from './pages/workers.js';

/** The page at a place; a page of one thing begins anew for another thing. */
export function PageOf({ page, id }: { readonly page: string; readonly id: string }) {
  switch (page) {
    case 'overview':
      return <OverviewPage />;
    case 'workers':
      return id === '' ? <WorkersPage /> : <WorkerPage key={id} id={id} />;
    case 'agents':
      return id === '' ? <AgentsPage /> : <AgentPage key={id} id={id} />;
    case 'tasks':
      return id === '' ? <TasksPage /> : <TaskPage key={id} id={id} />;
    case 'pool':
      return <PoolPage />;
    case 'events':
      return <EventsPage />;
    default:
      return (
        <p className="dim empty">
          There is no such page. <a href="#/overview">Overview</a>
        </p>
      );
  }
}
