import { useEffect, useRef } from 'preact/hooks';
import { useConsole } from '../state.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Search logs, or open a trace by its id'],
  ['?', 'This help'],
  ['j  k', 'Next, previous row'],
  ['Enter', 'Open the row'],
  ['Esc', 'Close what is open'],
  ['g s', 'Services'],
  ['g t', 'Traces'],
  ['g l', 'Logs'],
  ['g m', 'Metrics'],
  ['g a', 'Alerts'],
  ['g p', 'Processors'],
  ['g d', 'Data'],
  ['g k', 'Keys'],
  ['g u', 'People'],
  ['g r', 'Audit record'],
  ['← →', 'In a waterfall: collapse, expand'],
];

/** The keys, in the browser's own dialog: it holds the focus and gives it back. */
export function HelpDialog() {
  const { keyboard } = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  const open = keyboard.helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = () => {
    keyboard.helpOpen.value = false;
  };
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {KEYS.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(/\s+/).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        Everything you see is in the address: copy it to share it, go back to undo. Drag across a chart to
        zoom.
      </p>
      <button type="button" class="button" onClick={close}>
        Close
      </button>
    </dialog>
  );
}
