import { part } from '../api/client.js';

/** A worker, leading to its page. */
export function WorkerLink({ id }: { readonly id: string | null | undefined }) {
  return id ? <a href={`#/workers/${part(id)}`}>{id}</a> : <span className="dim">none</span>;
}

/** An agent, leading to its page. */
export function AgentLink({ id }: { readonly id: string | null | undefined }) {
  return id ? <a href={`#/agents/${part(id)}`}>{id}</a> : <span className="dim">none</span>;
}

/** A task, leading to its page. */
export function TaskLink({ id }: { readonly id: string | null | undefined }) {
  return id ? (
    <a className="id" href={`#/tasks/${part(id)}`}>
      {id}
    </a>
  ) : (
    <span className="dim">none</span>
  );
}
