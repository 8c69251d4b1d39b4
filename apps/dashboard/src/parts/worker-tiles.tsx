import { part } from '../api/client.js';
import type { LiveWorker } from '../api/types.js';
import { duration, rate } from '../format.js';
import { Badge } from './badge.js';
import { SlotsBar } from './slots-bar.js';

/** Tiles that are shown before the rest is only counted. */
const shown = 60;

/** A small tile for each worker, those that take nothing first, then those with the deepest lanes. */
export function WorkerTiles({ workers }: { readonly workers: readonly LiveWorker[] }) {
  if (workers.length === 0) return <p className="dim empty">No worker is registered. Start one: npm run worker</p>;
  const urgent = (one: LiveWorker) => (one.state === 'up' && one.breaker === 'closed' ? 0 : 1);
  const sorted =
    workers.length <= 12 ? workers : [...workers].sort((a, b) => urgent(b) - urgent(a) || b.waiting - a.waiting);
  return (
    <ul className="worker-tiles">
      {sorted.slice(0, shown).map((one) => (
        <li key={one.id} className={one.state === 'up' ? '' : 'off'}>
          <a href={`#/workers/${part(one.id)}`}>
            <span className="name">
              {one.id}
              {one.state === 'up' ? null : <Badge state={one.state} />}
              {one.breaker === 'closed' ? null : <Badge state={one.breaker} />}
            </span>
            <SlotsBar slots={one.slots} running={one.running} waiting={one.waiting} />
            <span className="dim">
              {rate(one.perSecond)}/s, {duration(one.responseMs)}
            </span>
          </a>
        </li>
      ))}
      {workers.length > shown ? (
        <li>
          <a href="#/workers">and {workers.length - shown} more</a>
        </li>
      ) : null}
    </ul>
  );
}
