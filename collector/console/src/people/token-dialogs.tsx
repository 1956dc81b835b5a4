import type { ApiToken, NewTokenResponse } from '#api/schemas/tokens.ts';
import { useChange } from '../fetch/use-change.ts';
import { Choice, Field, numberIn, textIn } from '../widgets/field.tsx';
import { FormDialog } from '../widgets/form-dialog.tsx';
import { ROLES } from './roles.ts';

const SCOPES = [
  ['metrics', 'reads /metrics (Prometheus)'],
  ['alerts-webhook', 'tells of alerts (Alertmanager)'],
] as const;

interface NewTokenDialogProps {
  onDone: (made: NewTokenResponse) => void;
  onClose: () => void;
}

/** Asks for a token's name and rights, and makes it. */
export function NewTokenDialog({ onDone, onClose }: NewTokenDialogProps) {
  const { busy, failure, send } = useChange<NewTokenResponse>();
  return (
    <FormDialog
      title="New API token"
      action="Make the token"
      busy={busy}
      failure={failure}
      onSubmit={(form) => send({ method: 'POST', path: '/api/v1/tokens', body: newTokenOf(form) }, onDone)}
      onClose={onClose}
    >
      <Field name="name" label="Name" maxLength={100} hint="The script or machine that uses it." />
      <Choice
        name="role"
        label="Role"
        options={[['', 'no role, only the scopes below'], ...ROLES]}
        value="viewer"
      />
      <fieldset class="field-group">
        <legend>Scopes</legend>
        {SCOPES.map(([scope, meaning]) => (
          <label key={scope} class="check-field">
            <input type="checkbox" name="scopes" value={scope} />
            <span>
              {scope} <span class="muted">{meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Field name="days" label="Expires after days" isOptional type="number" min={1} max={36_500} />
    </FormDialog>
  );
}

function newTokenOf(form: FormData): object {
  const role = textIn(form, 'role');
  const days = numberIn(form, 'days');
  return {
    name: textIn(form, 'name'),
    ...(role === '' ? {} : { role }),
    scopes: form.getAll('scopes').map(String),
    ...(days === undefined ? {} : { expiresInDays: days }),
  };
}

interface RevokeTokenDialogProps {
  token: ApiToken;
  onDone: () => void;
  onClose: () => void;
}

/** Asks once more, naming the token, and revokes it. */
export function RevokeTokenDialog({ token: { id, name }, onDone, onClose }: RevokeTokenDialogProps) {
  const { busy, failure, send } = useChange<null>();
  return (
    <FormDialog
      title={`Revoke the token ${name}?`}
      action={`Revoke ${name}`}
      isDangerous
      busy={busy}
      failure={failure}
      onSubmit={() => send({ method: 'DELETE', path: `/api/v1/tokens/${encodeURIComponent(id)}` }, onDone)}
      onClose={onClose}
    >
      <p>
        What uses <span class="strong">{name}</span> (<code>{id}</code>) is refused at once. It cannot be
        taken back.
      </p>
    </FormDialog>
  );
}
