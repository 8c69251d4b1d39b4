import { useState } from 'react';
import { ConfirmDialog } from './confirm-dialog.js';

/** An action that somebody may take. */
export interface Action {
  readonly label: string;
  /** What it comes to, as the dispatcher's dry run or the page knows it; asked for when the dialog opens. */
  readonly plan: () => Promise<string> | string;
  /** Does it. Resolves to what was done. */
  readonly run: (reason: string) => Promise<string>;
  readonly isDanger?: boolean;
}

/** A button that tells what would happen, and does it once that is confirmed. */
export function ActionButton({ action, onDone }: { readonly action: Action; readonly onDone?: () => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={action.isDanger ? 'danger' : ''} onClick={() => setOpen(true)}>
        {action.label}
      </button>
      {isOpen ? (
        <ConfirmDialog
          action={action}
          onClose={() => {
            setOpen(false);
            onDone?.();
          }}
        />
      ) : null}
    </>
  );
}
