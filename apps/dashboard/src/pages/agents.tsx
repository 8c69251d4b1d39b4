import { useLive } from '../hooks/use-live.js';
import { goTo, useRoute } from '../hooks/use-route.js';
import { AgentsTable } from '../parts/agents-table.js';
import { Panel } from '../parts/panel.js';

/** The agents that the pool knows. */
export function AgentsPage() {
  const { workers } = useLive();
  const worker = useRoute().query.get('worker') ?? '';
  return (
    <>
      <h1>Agents</h1>
      <Panel
        title="Agents with a home, tasks or a pin"
        aside={
          <label>
            Home{' '}
            <select value={worker} onChange={(event) => goTo('agents', { worker: event.target.value })}>
              <option value="">any</option>
              {workers.map(({ id }) => (
                <option key={id}>{id}</option>
              ))}
            </select>
          </label>
        }
      >
        <AgentsTable worker={worker} />
      </Panel>
    </>
  );
}
