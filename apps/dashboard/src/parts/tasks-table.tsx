import type { ListedTask } from '../api/types.js';
import { ago, duration } from '../format.js';
import { Badge } from './badge.js';
import { AgentLink, TaskLink, WorkerLink } from './links.js';

/** Tasks, a row each. */
export function TasksTable({
  tasks,
  atMs,
  empty,
}: {
  readonly tasks: readonly ListedTask[] /** When they were read, in ms since 1970. */;
  readonly atMs: number;
  readonly empty: string;
}) {
  if (tasks.length === 0) return <p className="dim empty">{empty}</p>;
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">State</th>
            <th scope="col">Name</th>
            <th scope="col">Agent</th>
            <th scope="col">Worker</th>
            <th scope="col" className="number">
              Attempts
            </th>
            <th scope="col" className="number">
              Enqueued
            </th>
            <th scope="col" className="number">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={`${task.state} ${task.id}`}>
              <td>
                <TaskLink id={task.id} />
                {task.failedReason ? <p className="reason">{task.failedReason}</p> : null}
              </td>
              <td>
                <Badge state={task.state} />
              </td>
              <td>{task.name}</td>
              <td>{task.agentId === null ? <span className="dim">none</span> : <AgentLink id={task.agentId} />}</td>
              <td>{task.worker === undefined ? <span className="dim">-</span> : <WorkerLink id={task.worker} />}</td>
              <td className="number">{task.attemptsMade}</td>
              <td className="number">{ago(task.enqueuedAt, atMs)}</td>
              <td className="number">{tookOf(task, atMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function tookOf({ startedAt, finishedAt, state }: ListedTask, atMs: number): string {
  if (startedAt === null) return '-';
  if (finishedAt !== null) return duration(finishedAt - startedAt);
  return state === 'running' ? duration(Math.max(0, atMs - startedAt)) : '-';
}
