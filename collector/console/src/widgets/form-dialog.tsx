import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Failure } from '../fetch/client.ts';
import { Problem } from './problem.tsx';

interface FormDialogProps {
  title: string;
  /** What the button does, in words. */
  action: string;
  busy?: boolean;
  /** It takes something away for good. */
  isDangerous?: boolean;
  failure?: Failure | undefined;
  onSubmit: (form: FormData) => void;
  onClose: () => void;
  children: ComponentChildren;
}

/** A form in the browser's own dialog: it holds the focus and gives it back. Esc and Cancel close it. */
export function FormDialog(props: FormDialogProps) {
  const { action, busy = false, children, failure, isDangerous = false, onClose, onSubmit, title } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closing gives the focus back to where it was, which taking the element away does not.
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} class="form-dialog" aria-labelledby={titleId} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) onSubmit(new FormData(event.currentTarget));
        }}
      >
        <h2 id={titleId}>{title}</h2>
        {children}
        <Problem failure={failure} />
        <div class="form-actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={`button ${isDangerous ? 'is-bad' : 'primary'}`} disabled={busy}>
            {busy ? 'One moment…' : action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
