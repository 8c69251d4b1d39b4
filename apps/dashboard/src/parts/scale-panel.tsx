import { useState } from 'react';
import { scalePool } from '../actions/pool.js';
import { part } from '../api/client.js';
import type { ScaleBody } from '../api/types.js';
import { count, duration, plural } from '../format.js';
import { useMe } from '../hooks/use-me.js';
import { useQuery } from '../hooks/use-query.js';
import { ActionButton } from './action-button.js';
import { Facts } from './facts.js';
import { Panel } from './panel.js';
import { Trouble } from './trouble.js';

/** How many workers the pool has, what is advised, and the wish for another number. */
export function ScalePanel({ pool }: { readonly pool: string }) {
  const { may } = useMe();
  const { data, error, reload } = useQuery<ScaleBody>(`/pools/${part(pool)}/scale`);
  const [typed, setTyped] = useState('');
  const wanted = Number(typed === '' ? data?.target : typed);
  return (
    <Panel title="Scaling" aside="who is to go is drained first">
      <Trouble error={error} />
      {data === null ? null : <ScaleFacts scale={data} />}
      {data !== null && may('operator') ? (
        <div className="inline-form">
          <label>
            Workers{' '}
            <input
              type="number"
              min={0}
              value={typed === '' ? data.target : typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
          <ActionButton action={scalePool(pool, wanted)} onDone={reload} />
          {data.wished === null ? null : <ActionButton action={scalePool(pool, 'auto')} onDone={reload} />}
        </div>
      ) : null}
    </Panel>
  );
}

function ScaleFacts({ scale }: { readonly scale: ScaleBody }) {
  const { workers, target, desired, wished, leaving, loadTasks, slots, oldestAgeMs, hasScaler } = scale;
  return (
    <Facts
      rows={[
        ['Take tasks', `${plural(workers, 'worker')}, ${plural(slots, 'slot')}`],
        ['Target', <b key="target">{count(target)}</b>],
        ['Advised by the leader', count(desired)],
        ['Wished for', wished === null ? 'nothing, the advice counts' : count(wished)],
        ['Who scales', hasScaler ? 'a scaler follows the wish' : 'nobody, a wish is only stored'],
        ['On their way out', count(leaving)],
        ['Load', `${plural(loadTasks, 'task')} run, or wait for any worker`],
        ['The next task has waited', duration(oldestAgeMs)],
      ]}
    />
  );
}
