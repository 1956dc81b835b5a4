import type { ComponentChildren } from 'preact';
import type { Person } from '#api/schemas/people.ts';
import type { Change } from '../fetch/client.ts';
import { useChange } from '../fetch/use-change.ts';
import { Choice, Field, textIn } from '../widgets/field.tsx';
import { FormDialog } from '../widgets/form-dialog.tsx';
import { ROLES } from './roles.ts';

/** What somebody is about to do with users. */
export type PersonTask = { kind: 'add' } | { kind: 'role' | 'password' | 'state' | 'remove'; person: Person };

interface PersonDialogProps {
  task: PersonTask;
  onDone: () => void;
  onClose: () => void;
}

interface Question {
  title: string;
  action: string;
  isDangerous?: boolean;
  body: ComponentChildren;
  changeOf(form: FormData): Change;
}

/** Asks for what a task needs, and does it. */
export function PersonDialog({ task, onDone, onClose }: PersonDialogProps) {
  const { busy, failure, send } = useChange<unknown>();
  const { action, body, changeOf, isDangerous = false, title } = questionOf(task);
  return (
    <FormDialog
      title={title}
      action={action}
      isDangerous={isDangerous}
      busy={busy}
      failure={failure}
      onSubmit={(form) => send(changeOf(form), onDone)}
      onClose={onClose}
    >
      {body}
    </FormDialog>
  );
}

function questionOf(task: PersonTask): Question {
  switch (task.kind) {
    case 'add':
      return ADD;
    case 'role':
      return askRole(task.person);
    case 'password':
      return askPassword(task.person);
    case 'state':
      return askState(task.person);
    case 'remove':
      return askRemove(task.person);
  }
}

const PASSWORD_HINT = '12 to 256 characters, without the name. Several words are good.';

function NewPassword() {
  return (
    <Field
      name="password"
      label="Password"
      type="password"
      autocomplete="new-password"
      hint={PASSWORD_HINT}
    />
  );
}

const ADD: Question = {
  title: 'Add a user',
  action: 'Add the user',
  body: (
    <>
      <Field name="name" label="Name" maxLength={64} hint="Letters a to z, digits, and . _ - @" />
      <Choice name="role" label="Role" value="viewer" options={ROLES} />
      <NewPassword />
    </>
  ),
  changeOf: (form) => ({
    method: 'POST',
    path: '/api/v1/people',
    body: { name: textIn(form, 'name'), role: textIn(form, 'role'), password: String(form.get('password')) },
  }),
};

const pathOf = ({ name }: Person) => `/api/v1/people/${encodeURIComponent(name)}`;

function askRole(person: Person): Question {
  return {
    title: `Role of ${person.name}`,
    action: 'Change the role',
    body: (
      <>
        <Choice name="role" label="Role" value={person.role} options={ROLES} />
        <p class="muted">{person.name} is logged out and has to log in again.</p>
      </>
    ),
    changeOf: (form) => ({ method: 'PATCH', path: pathOf(person), body: { role: textIn(form, 'role') } }),
  };
}

function askPassword(person: Person): Question {
  return {
    title: `New password for ${person.name}`,
    action: 'Set the password',
    body: (
      <>
        <NewPassword />
        <p class="muted">
          {person.name} is logged out everywhere. Tell them the password, and to change it after logging in.
        </p>
      </>
    ),
    changeOf: (form) => ({
      method: 'PATCH',
      path: pathOf(person),
      body: { password: String(form.get('password')) },
    }),
  };
}

function askState(person: Person): Question {
  const { isDisabled, name } = person;
  return {
    title: isDisabled ? `Enable ${name}?` : `Disable ${name}?`,
    action: isDisabled ? `Enable ${name}` : `Disable ${name}`,
    isDangerous: !isDisabled,
    body: (
      <p>
        {isDisabled
          ? `${name} can log in again, with the password and the role from before.`
          : `${name} is logged out everywhere and cannot log in until enabled again.`}
      </p>
    ),
    changeOf: () => ({ method: 'PATCH', path: pathOf(person), body: { isDisabled: !isDisabled } }),
  };
}

function askRemove(person: Person): Question {
  return {
    title: `Remove ${person.name}?`,
    action: `Remove ${person.name}`,
    isDangerous: true,
    body: <p>{person.name} is logged out everywhere and is no user any more. The audit record stays.</p>,
    changeOf: () => ({ method: 'DELETE', path: pathOf(person) }),
  };
}
