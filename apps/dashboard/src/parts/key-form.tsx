import { type FormEvent, useState } from 'react';
import { apiKey } from '../api/key.js';

/** Asks for an API key, which this tab keeps until it is closed. */
export function KeyForm({ problem, onKey }: { readonly problem: string | null; readonly onKey: () => void }) {
  const [key, setKey] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    apiKey.set(key.trim());
    onKey();
  };
  return (
    <main className="key-form">
      <form onSubmit={submit}>
        <h1>Shunt</h1>
        <label>
          API key
          <input
            type="password"
            value={key}
            autoComplete="off"
            required
            onChange={(event) => setKey(event.target.value)}
          />
        </label>
        {problem === null ? null : (
          <p className="trouble" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="solid">
          Open
        </button>
        <p className="dim">Kept in this tab only. Its role says what you may do.</p>
      </form>
    </main>
  );
}
