import { crashWorker } from '../actions/demo.js';
import type { Overview } from '../api/types.js';
import { count } from '../format.js';
import { useMe } from '../hooks/use-me.js';
import { ActionButton } from './action-button.js';

/** The demo: break something, and see that nothing is lost. */
export function CrashPanel({ tally }: { readonly tally: NonNullable<Overview['demo']> }) {
  const { may } = useMe();
  const { total, enqueued, done, lost, moved } = tally;
  return (
    <section className="crash" aria-label="Demo">
      <p>
        <strong>Demo:</strong> {count(done)} of {count(total)} requests of a real chat service done,{' '}
        {count(enqueued - done)} under way.
      </p>
      <output className={lost === 0 ? 'good' : 'bad'} aria-label="Lost tasks">
        lost <b>{count(lost)}</b>
      </output>
      <output aria-label="Moved agents">
        moved <b>{count(moved)}</b>
      </output>
      {may('admin') ? <ActionButton action={crashWorker()} /> : null}
    </section>
  );
}
