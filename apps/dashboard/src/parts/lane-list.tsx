import { duration } from '../format.js';
import type { LaneBehind } from '../lanes-behind.js';
import { Badge } from './badge.js';
import { WorkerLink } from './links.js';
import { SlotsBar } from './slots-bar.js';

/** Lanes that are shown before the rest is only counted. */
const shown = 6;

/** The lanes that are behind, and by how much, a line each. */
export function LaneList({ lanes }: { readonly lanes: readonly LaneBehind[] }) {
  if (lanes.length === 0) return <p className="dim empty">No task waits in a lane.</p>;
  return (
    <ul className="moves lanes" aria-label="Lanes that are behind">
      {lanes.slice(0, shown).map(({ worker: { id, state, breaker, slots, running, waiting }, clearsInMs }) => (
        <li key={id}>
          <span>
            <WorkerLink id={id} /> {state === 'up' ? null : <Badge state={state} />}
            {breaker === 'closed' ? null : <Badge state={breaker} />}
          </span>
          <SlotsBar slots={slots} running={running} waiting={waiting} />
          <span className="dim">{clearsInMs === null ? 'no pace known' : `${duration(clearsInMs)} of work`}</span>
        </li>
      ))}
      {lanes.length > shown ? (
        <li>
          <a href="#/workers">and {lanes.length - shown} more</a>
        </li>
      ) : null}
    </ul>
  );
}
