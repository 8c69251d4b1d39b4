import { useState } from 'react';
import { moveAgent, pinAgent } from '../actions/agents.js';
import { useLive } from '../hooks/use-live.js';
import { ActionButton } from './action-button.js';

/** Pins an agent to a worker, or moves it there once. */
export function SendAgent({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { workers } = useLive();
  const [chosen, setWorker] = useState('');
  const [ttl, setTtl] = useState('');
  const [isSoft, setSoft] = useState(false);
  const worker = chosen || workers.find(({ state }) => state === 'up')?.id || '';
  if (worker === '') return <p className="dim empty">No worker takes tasks.</p>;
  return (
    <div className="inline-form">
      <label>
        Worker{' '}
        <select value={worker} onChange={(event) => setWorker(event.target.value)}>
          {workers.map(({ id, state }) => (
            <option key={id} value={id}>
              {state === 'up' ? id : `${id} (${state})`}
            </option>
          ))}
        </select>
      </label>
      <label>
        For{' '}
        <input
          value={ttl}
          placeholder="ever, or 30m"
          size={10}
          onChange={(event) => setTtl(event.target.value.trim())}
        />
      </label>
      <label>
        <input type="checkbox" checked={isSoft} onChange={(event) => setSoft(event.target.checked)} /> others may run it
        while that one takes nothing
      </label>
      <ActionButton action={pinAgent(id, worker, ttl, isSoft)} onDone={onDone} />
      <ActionButton action={moveAgent(id, worker)} onDone={onDone} />
    </div>
  );
}
