import { part } from '../api/client.js';
import type { ExplanationBody } from '../api/types.js';
import { useQuery } from '../hooks/use-query.js';
import { Badge } from './badge.js';
import { TaskLink } from './links.js';

/** Says in a sentence why a task is where it is, and what to try. */
export function Why({ task }: { readonly task: string }) {
  const { data } = useQuery<ExplanationBody>(`/tasks/${part(task)}/explain`);
  if (data === null) return null;
  return (
    <p className="why" role="status">
      <Badge state={data.state} /> <TaskLink id={task} /> {data.why}{' '}
      {data.advice === null ? null : <em>{data.advice}</em>}
    </p>
  );
}
