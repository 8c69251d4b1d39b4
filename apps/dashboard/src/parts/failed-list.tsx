import type { TasksBody } from '../api/types.js';
import { moment } from '../format.js';
import { useQuery } from '../hooks/use-query.js';
import { TaskLink } from './links.js';
import { Trouble } from './trouble.js';

/** The tasks that failed last, with the beginning of why. */
export function FailedList() {
  const { data, error } = useQuery<TasksBody>('/tasks?state=failed&limit=6');
  if (data === null) return <Trouble error={error} />;
  if (data.tasks.length === 0) return <p className="dim empty">No failed task is kept.</p>;
  return (
    <ol className="journal">
      {data.tasks.map(({ id, name, finishedAt, failedReason }) => (
        <li key={id} className="bad">
          <time>{moment(finishedAt)}</time>
          <span className="what">
            <b>{name}</b> <TaskLink id={id} />
            <p className="reason">{failedReason}</p>
          </span>
        </li>
      ))}
    </ol>
  );
}
