import { part } from '../api/client.js';
import type { LiveWorker } from '../api/types.js';
import { plural } from '../format.js';
import { useLive } from '../hooks/use-live.js';
import { useMe } from '../hooks/use-me.js';

/** Something that can be done, where, and what it comes to. */
interface Suggestion {
  readonly title: string;
  readonly href: string;
  readonly note: string;
}

/** What somebody with this key can do now; each place tells what would happen before it does it. */
export function SafeActions() {
  const { workers, now } = useLive();
  const { may, role } = useMe();
  if (!may('submitter')) return <p className="dim empty">Look: this key has the role {role}, which changes nothing.</p>;
  const suggestions = [
    ...(may('operator') ? forWorkers(workers) : []),
    ...((now?.totals.failed ?? 0) > 0 ? [retry] : []),
    ...(may('operator') ? [scale] : []),
    ...(may('admin') ? [strategy] : []),
  ];
  if (suggestions.length === 0) return <p className="dim empty">Nothing has to be done.</p>;
  return (
    <ul className="moves">
      {suggestions.map(({ title, href, note }) => (
        <li key={title}>
          <a href={href}>{title}</a>
          <p>{note}</p>
        </li>
      ))}
    </ul>
  );
}

const retry = {
  title: 'Retry a failed task',
  href: '#/tasks?state=failed',
  note: 'It runs with all its attempts again.',
};
const scale = { title: 'Scale the pool', href: '#/pool', note: 'Who is to go is drained first.' };
const strategy = { title: 'Change the strategy', href: '#/pool', note: 'Agents that have a home stay there.' };

/** Lets back who is out, and drains who would be missed least. */
function forWorkers(workers: readonly LiveWorker[]): Suggestion[] {
  const place = ({ id }: LiveWorker) => `#/workers/${part(id)}`;
  const back = workers
    .filter(({ state }) => state === 'drained')
    .map((one) => ({ title: `Let ${one.id} back`, href: place(one), note: 'It receives from its next heartbeat on.' }));
  const up = workers.filter(({ state }) => state === 'up');
  const [least] = [...up].sort((a, b) => a.waiting + a.running - (b.waiting + b.running));
  if (least === undefined || up.length < 2) return back;
  const waiting = plural(least.waiting, 'waiting task');
  const note = `${waiting} would go to ${plural(up.length - 1, 'other worker')}; what it runs ends there.`;
  return [...back, { title: `Drain ${least.id}`, href: place(least), note }];
}
