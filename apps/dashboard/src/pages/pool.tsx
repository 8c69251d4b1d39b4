import { part } from '../api/client.js';
import type { PoolBody } from '../api/types.js';
import { plural } from '../format.js';
import { useLive } from '../hooks/use-live.js';
import { useMe } from '../hooks/use-me.js';
import { useQuery } from '../hooks/use-query.js';
import { ConfigForm } from '../parts/config-form.js';
import { Facts } from '../parts/facts.js';
import { Panel } from '../parts/panel.js';
import { ScalePanel } from '../parts/scale-panel.js';
import { StrategyForm } from '../parts/strategy-form.js';
import { Trouble } from '../parts/trouble.js';

/** The pool: what it is told to do, and whether it has the size for it. */
export function PoolPage() {
  const { pool, version, may } = useMe();
  const { now } = useLive();
  const { data, error, reload } = useQuery<PoolBody>(`/pools/${part(pool)}`);
  return (
    <>
      <h1>Pool {pool}</h1>
      <Trouble error={error} />
      {data === null ? null : (
        <>
          <Panel title="Who serves it">
            <Facts
              rows={[
                ['This dispatcher', `${data.dispatcher.id}, version ${version}`],
                ['Leads', data.dispatcher.isLeading ? 'this one' : (now?.leader ?? 'none')],
                ['Redis', data.dispatcher.isConnected ? 'answers' : 'does not answer'],
                ['Workers', `${data.workers.up} take tasks, ${data.workers.out} do not`],
                ['Slots', plural(data.slots, 'slot')],
              ]}
            />
          </Panel>
          <ScalePanel pool={pool} />
          <Panel title="Strategy" aside={`version ${data.configVersion} of the configuration`}>
            <p>
              Picks the worker for agents without a home: <b>{now?.strategy}</b>
            </p>
            {may('admin') ? <StrategyForm pool={data} present={now?.strategy ?? ''} onDone={reload} /> : null}
          </Panel>
          <Panel title="Configuration" aside="what is not told is as each process's settings say">
            <pre className="result">{JSON.stringify(data.config, null, 2)}</pre>
            {may('admin') ? <ConfigForm pool={data} onDone={reload} /> : null}
          </Panel>
        </>
      )}
    </>
  );
}
