import { withQuery } from '../api/client.js';
import type { AgentBody } from '../api/types.js';
import { duration } from '../format.js';
import { usePages } from '../hooks/use-pages.js';
import { AgentLink, TaskLink, WorkerLink } from './links.js';
import { MoreButton } from './more-button.js';
import { Trouble } from './trouble.js';

/** Agents, those of one worker or all, with most waiting tasks first; of the first page so many only, if it is said. */
export function AgentsTable({ worker = '', most }: { readonly worker?: string; readonly most?: number }) {
  const pages = usePages<AgentBody>(withQuery('/agents', { worker, limit: String(most ?? 100) }), 'agents');
  const sorted = [...pages.items].sort((a, b) => b.waiting - a.waiting || a.id.localeCompare(b.id));
  const agents = sorted.slice(0, most);
  if (pages.error !== null) return <Trouble error={pages.error} />;
  if (agents.length === 0) return <p className="dim empty">{pages.isLoading ? 'Looking' : 'No agent.'}</p>;
  return (
    <>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col">State</th>
              <th scope="col">Home</th>
              <th scope="col">Current task</th>
              <th scope="col" className="number">
                Mailbox
              </th>
              <th scope="col">Pin</th>
              <th scope="col" className="number">
                Forgotten in
              </th>
            </tr>
          </thead>
          <tbody>
            {agents.map(({ id, state, home, current, waiting, pin, forgottenInMs }) => (
              <tr key={id}>
                <td>
                  <AgentLink id={id} />
                </td>
                <td>{state}</td>
                <td>
                  <WorkerLink id={home} />
                </td>
                <td>
                  <TaskLink id={current} />
                </td>
                <td className="number">{waiting}</td>
                <td>{pin === null ? <span className="dim">-</span> : `${pin.worker} (${pin.kind})`}</td>
                <td className="number">{duration(forgottenInMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {most === undefined ? <MoreButton pages={pages} /> : null}
    </>
  );
}
