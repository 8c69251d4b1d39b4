import { type FormEvent, useState } from 'react';
import { duration } from '../format.js';
import { useLive } from '../hooks/use-live.js';
import { placeOfId } from '../place-of-id.js';
import { AgentLink } from './links.js';

/** Asks for an agent, whose page says where it is and why; names the one that is late most. */
export function FindAgent() {
  const { now, workers } = useLive();
  const [text, setText] = useState('');
  const oldest = now?.oldest ?? null;
  const go = (event: FormEvent) => {
    event.preventDefault();
    const id = text.trim();
    if (id === '') return;
    const known = workers.map((worker) => worker.id);
    location.hash = placeOfId(id, known);
  };
  return (
    <>
      <p>Its home, mailbox, pin and pause, and in a sentence why its task does not run.</p>
      <form className="inline-form" onSubmit={go}>
        <label>
          Agent{' '}
          <input
            value={text}
            placeholder="its id, or a task's"
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="submit">Find</button>
      </form>
      {oldest?.agentId ? (
        <p className="why">
          Late most: <AgentLink id={oldest.agentId} />, whose task has waited {duration(oldest.ageMs)}.
        </p>
      ) : null}
    </>
  );
}
