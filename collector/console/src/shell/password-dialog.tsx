import { useState } from 'preact/hooks';
import { useChange } from '../fetch/use-change.ts';
import { Field } from '../widgets/field.tsx';
import { FormDialog } from '../widgets/form-dialog.tsx';

/** Changes one's own password; other sessions of the same user end. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { busy, failure, send } = useChange<null>();
  const [isDone, setDone] = useState(false);
  function change(form: FormData) {
    const body = { current: String(form.get('current')), password: String(form.get('password')) };
    send({ method: 'POST', path: '/api/v1/session/password', body }, () => setDone(true));
  }
  if (isDone) {
    return (
      <FormDialog title="Password changed" action="Close" onSubmit={onClose} onClose={onClose}>
        <p role="status">You stay logged in here. Everywhere else you have to log in again.</p>
      </FormDialog>
    );
  }
  return (
    <FormDialog
      title="Change password"
      action="Change password"
      busy={busy}
      failure={failure}
      onSubmit={change}
      onClose={onClose}
    >
      <Field name="current" label="Current password" type="password" autocomplete="current-password" />
      <Field
        name="password"
        label="New password"
        type="password"
        autocomplete="new-password"
        hint="12 to 256 characters, without your name. Several words are good."
      />
    </FormDialog>
  );
}
