import { plural } from '../format.js';
import { useLive } from '../hooks/use-live.js';
import { Panel } from '../parts/panel.js';
import { WorkersTable } from '../parts/workers-table.js';

/** Every worker of the pool, live. */
export function WorkersPage() {
  const { workers } = useLive();
  const up = workers.filter(({ state }) => state === 'up').length;
  return (
    <>
      <h1>Workers</h1>
      <Panel title={`${plural(workers.length, 'worker')}, ${up} take tasks`}>
        <WorkersTable workers={workers} />
      </Panel>
    </>
  );
}
