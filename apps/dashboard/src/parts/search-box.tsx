import { type FormEvent, type Ref, useState } from 'react';
import { placeOfId } from '../place-of-id.js';

/** Goes to an agent, a task or a worker by its id. */
export function SearchBox({
  input,
  workers,
}: {
  readonly input: Ref<HTMLInputElement>;
  readonly workers: readonly string[];
}) {
  const [text, setText] = useState('');
  const go = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const id = text.trim();
    if (id === '') return;
    location.hash = placeOfId(id, workers);
    setText('');
    event.currentTarget.querySelector('input')?.blur();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the element `search` is not known to React's types as a form
    <form className="search" role="search" onSubmit={go}>
      <input
        ref={input}
        type="search"
        value={text}
        placeholder="Where is agent ..."
        aria-label="Agent, task or worker id"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}
