import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Action } from './action-button.js';

type Step =
  | { readonly name: 'planning' }
  | { readonly name: 'asking' | 'acting' | 'done' | 'refused'; readonly text: string };

/** Asks whether an action is meant, as it was when it was opened: what it would do, why one does it, then what became of it. */
export function ConfirmDialog({ action: asked, onClose }: { readonly action: Action; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [action] = useState(asked);
  const [step, setStep] = useState<Step>({ name: 'planning' });
  const [reason, setReason] = useState('');

  useEffect(() => {
    dialog.current?.showModal();
    const plan = async () => action.plan();
    plan().then(
      (text) => setStep({ name: 'asking', text }),
      (error: Error) => setStep({ name: 'refused', text: error.message }),
    );
  }, [action]);

  const confirm = (event: FormEvent) => {
    event.preventDefault();
    if (step.name !== 'asking') return dialog.current?.close();
    setStep({ ...step, name: 'acting' });
    action.run(reason).then(
      (text) => setStep({ name: 'done', text }),
      (error: Error) => setStep({ name: 'refused', text: error.message }),
    );
  };

  const isOpen = step.name === 'asking' || step.name === 'acting';
  return (
    <dialog ref={dialog} onClose={onClose} aria-label={action.label}>
      <form onSubmit={confirm}>
        <h2>{action.label}</h2>
        <p className={`step ${step.name}`} role="status">
          {step.name === 'planning' ? 'Asking what it would do' : step.text}
        </p>
        {isOpen ? (
          <label>
            Reason, for the audit
            <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
          </label>
        ) : null}
        <footer>
          {isOpen ? (
            <>
              <button type="button" onClick={() => dialog.current?.close()}>
                Cancel
              </button>
              <button
                type="submit"
                disabled={step.name === 'acting'}
                className={action.isDanger ? 'danger solid' : 'solid'}
              >
                Confirm
              </button>
            </>
          ) : (
            <button type="submit" className="solid">
              Close
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
