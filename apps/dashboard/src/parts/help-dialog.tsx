import { useEffect, useRef } from 'react';
import { pageKeys } from '../hooks/use-hotkeys.js';

const keys: readonly (readonly [string, string])[] = [
  ['/', 'find an agent, task or worker'],
  ...Object.entries(pageKeys).map(([key, page]) => [`g ${key}`, page] as const),
  ['d', 'dark, light, or as the system is'],
  ['?', 'these keys'],
  ['Esc', 'close'],
];

/** The keys of the page. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label="Keys">
      <h2>Keys</h2>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <footer>
        <button type="button" className="solid" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </footer>
    </dialog>
  );
}
