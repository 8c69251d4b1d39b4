import { useState } from 'react';
import { changeConfig } from '../actions/pool.js';
import type { PoolBody } from '../api/types.js';
import { ActionButton } from './action-button.js';

/** Changes one key of the pool's configuration. */
export function ConfigForm({ pool, onDone }: { readonly pool: PoolBody; readonly onDone: () => void }) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  return (
    <div className="inline-form">
      <label>
        Key <input value={key} placeholder="sessionTtl" onChange={(event) => setKey(event.target.value.trim())} />
      </label>
      <label>
        Value{' '}
        <input value={value} placeholder="30m, or empty" onChange={(event) => setValue(event.target.value.trim())} />
      </label>
      {key === '' ? null : (
        <ActionButton action={changeConfig(pool, key, value === '' ? null : value, 'Change')} onDone={onDone} />
      )}
    </div>
  );
}
