import { useState } from 'react';
import { changeConfig } from '../actions/pool.js';
import type { PoolBody } from '../api/types.js';
import { ActionButton } from './action-button.js';

const strategies = [
  'least-connections',
  'intelligent',
  'peak-ewma',
  'power-of-two',
  'consistent-hash',
  'round-robin',
  'weighted-round-robin',
  'random',
] as const;

/** Chooses another strategy for the pool. */
export function StrategyForm({
  pool,
  present,
  onDone,
}: {
  readonly pool: PoolBody;
  /** The one in force. */
  readonly present: string;
  readonly onDone: () => void;
}) {
  const [chosen, setChosen] = useState('');
  const strategy = chosen || present;
  return (
    <div className="inline-form">
      <label>
        Strategy{' '}
        <select value={strategy} onChange={(event) => setChosen(event.target.value)}>
          {[...new Set([present, ...strategies])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <ActionButton action={changeConfig(pool, 'strategy', strategy, 'Change strategy')} onDone={onDone} />
    </div>
  );
}
