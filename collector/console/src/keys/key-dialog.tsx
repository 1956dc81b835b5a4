import type { ApiKey, NewKeyBody, NewKeyResponse } from '#api/schemas/keys.ts';
import { type Changing, useChange } from '../fetch/use-change.ts';
import { Field, numberIn, textIn } from '../widgets/field.tsx';
import { FormDialog } from '../widgets/form-dialog.tsx';

/** What somebody is about to do with keys. */
export type KeyTask = { kind: 'make' } | { kind: 'rotate' | 'revoke'; apiKey: ApiKey };

interface KeyDialogProps {
  task: KeyTask;
  /** With the answer that holds a new key, which is shown nowhere else. */
  onDone: (made: NewKeyResponse | null) => void;
  onClose: () => void;
}

/** Asks for what a task needs, and does it. */
export function KeyDialog({ task, onDone, onClose }: KeyDialogProps) {
  const change = useChange<NewKeyResponse>();
  const props = { change, onDone, onClose };
  if (task.kind === 'make') return <MakeDialog {...props} />;
  return task.kind === 'rotate' ? (
    <RotateDialog {...props} apiKey={task.apiKey} />
  ) : (
    <RevokeDialog {...props} apiKey={task.apiKey} />
  );
}

interface DialogProps extends Omit<KeyDialogProps, 'task'> {
  change: Changing<NewKeyResponse>;
}

function MakeDialog({ change: { busy, failure, send }, onDone, onClose }: DialogProps) {
  return (
    <FormDialog
      title="New key"
      action="Make the key"
      busy={busy}
      failure={failure}
      onSubmit={(form) => send({ method: 'POST', path: '/api/v1/keys', body: newKeyOf(form) }, onDone)}
      onClose={onClose}
    >
      <Field name="name" label="Name" maxLength={100} hint="Who sends with it, as the service or the team." />
      <Field
        name="tenant"
        label="Tenant"
        isOptional
        maxLength={64}
        hint="Whose data it is; empty: the default."
      />
      <Field name="days" label="Expires after days" isOptional type="number" min={1} max={3650} />
      <fieldset class="field-group">
        <legend>Limits</legend>
        <p class="muted">0 is no limit; empty is as configured for all keys (keys.limits).</p>
        <Field name="itemsPerSecond" label="Items per second" isOptional type="number" min={0} max={1e12} />
        <Field name="bytesPerSecond" label="Bytes per second" isOptional type="number" min={0} max={1e12} />
        <Field name="itemsPerDay" label="Items per day" isOptional type="number" min={0} max={1e12} />
      </fieldset>
    </FormDialog>
  );
}

function newKeyOf(form: FormData): NewKeyBody {
  const limits: NewKeyBody['limits'] = {};
  for (const name of ['itemsPerSecond', 'bytesPerSecond', 'itemsPerDay'] as const) {
    const value = numberIn(form, name);
    if (value !== undefined) limits[name] = value;
  }
  const days = numberIn(form, 'days');
  return {
    name: textIn(form, 'name'),
    tenant: textIn(form, 'tenant'),
    limits,
    ...(days === undefined ? {} : { expiresInDays: days }),
  };
}

function RotateDialog({ apiKey, change, onDone, onClose }: DialogProps & { apiKey: ApiKey }) {
  const { busy, failure, send } = change;
  const rotate = (form: FormData) => {
    const body = { graceHours: numberIn(form, 'graceHours') ?? 0 };
    send({ method: 'POST', path: `${pathOf(apiKey)}/rotate`, body }, onDone);
  };
  return (
    <FormDialog
      title={`Rotate the key of ${apiKey.name}`}
      action={`Rotate ${apiKey.name}`}
      busy={busy}
      failure={failure}
      onSubmit={rotate}
      onClose={onClose}
    >
      <p>
        A new key takes the place of <KeyName apiKey={apiKey} />. Give it to the sender while the old one
        still holds.
      </p>
      <Field
        name="graceHours"
        label="Hours the old key still holds"
        type="number"
        value="24"
        min={0}
        max={720}
        hint="0: it is refused at once."
      />
    </FormDialog>
  );
}

function RevokeDialog({ apiKey, change, onDone, onClose }: DialogProps & { apiKey: ApiKey }) {
  const { busy, failure, send } = change;
  return (
    <FormDialog
      title={`Revoke the key of ${apiKey.name}?`}
      action={`Revoke ${apiKey.name}`}
      busy={busy}
      failure={failure}
      isDangerous
      onSubmit={() => send({ method: 'POST', path: `${pathOf(apiKey)}/revoke` }, () => onDone(null))}
      onClose={onClose}
    >
      <p>
        Who sends with <KeyName apiKey={apiKey} /> is refused within a second. It cannot be taken back; what
        was sent stays.
      </p>
    </FormDialog>
  );
}

function KeyName({ apiKey: { id, last4, name } }: { apiKey: ApiKey }) {
  return (
    <>
      <span class="strong">{name}</span> (<code>{id}</code>, ends in {last4})
    </>
  );
}

const pathOf = ({ id }: ApiKey) => `/api/v1/keys/${encodeURIComponent(id)}`;
