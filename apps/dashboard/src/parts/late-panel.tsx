import type { LiveWorker, Overview } from '../api/types.js';
import { placeOf } from '../findings.js';
import { count, duration, plural } from '../format.js';
import { lanesBehind } from '../lanes-behind.js';
import { Facts } from './facts.js';
import { LaneList } from './lane-list.js';
import { TaskLink } from './links.js';
import { Panel } from './panel.js';

/** Each state in which tasks wait or run, as it is called, and whether they are listed by it. */
const depths = [
  ['intake', 'Intake', true],
  ['yard', 'Yard', true],
  ['lane', 'Lanes', true],
  ['mailbox', 'Mailboxes', false],
  ['running', 'Running', true],
  ['delayed', 'Delayed', true],
] as const satisfies readonly (readonly [keyof Overview['tasks'], string, boolean])[];

/** How late work is, and where: the task that is late most, waits, how much waits in each state, and the lanes that are behind. */
export function LatePanel({ now, workers }: { readonly now: Overview; readonly workers: readonly LiveWorker[] }) {
  const { oldest, wait, tasks, unserved } = now;
  return (
    <Panel title="How late is work, and where?" aside={<a href="#/tasks?state=lane">What waits in lanes</a>}>
      <Facts
        rows={[
          ['Waits longest', oldest === null ? 'nothing waits for a worker' : <Oldest key="oldest" task={oldest} />],
          ['99 % started within', wait === null ? 'none has started in 10 s' : duration(wait.p99Ms)],
        ]}
      />
      <dl className="facts depths">
        {depths.map(([state, title, isListed]) => (
          <div key={state}>
            <dt>{title}</dt>
            <dd>{isListed ? <a href={`#/tasks?state=${state}`}>{count(tasks[state])}</a> : count(tasks[state])}</dd>
          </div>
        ))}
      </dl>
      {unserved > 0 ? (
        <p className="bad">{plural(unserved, 'task')} in the yard fit no worker that takes tasks.</p>
      ) : null}
      <LaneList lanes={lanesBehind(workers)} />
    </Panel>
  );
}

function Oldest({ task }: { readonly task: NonNullable<Overview['oldest']> }) {
  return (
    <>
      {duration(task.ageMs)}, in {placeOf(task)}: <TaskLink id={task.id} />
    </>
  );
}
