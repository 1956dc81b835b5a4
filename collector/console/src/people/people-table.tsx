import type { Person } from '#api/schemas/people.ts';
import { DateText } from '../widgets/date-text.tsx';
import { Icon } from '../widgets/icon.tsx';
import type { PersonTask } from './person-dialog.tsx';

interface PeopleTableProps {
  people: readonly Person[];
  onAsk: (task: PersonTask) => void;
}

/** One row a user, with what can be done to them. */
export function PeopleTable({ people, onAsk }: PeopleTableProps) {
  return (
    <div class="data-section">
      <table class="table access-table" aria-label="Users">
        <thead>
          <tr>
            <th>Name</th>
            <th>Role</th>
            <th>State</th>
            <th>Added</th>
            <th>Changed</th>
            <th>
              <span class="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <PersonRow key={person.name} person={person} onAsk={onAsk} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ACTIONS = [
  { kind: 'role', label: 'Role' },
  { kind: 'password', label: 'Password' },
  { kind: 'state', label: 'Disable' },
  { kind: 'remove', label: 'Remove' },
] as const;

function PersonRow({ person, onAsk }: { person: Person } & Pick<PeopleTableProps, 'onAsk'>) {
  const { changedAt, createdAt, isDisabled, name, role } = person;
  return (
    <tr data-testid="person-row" data-name={name} data-role={role} data-disabled={isDisabled}>
      <td class="access-name">
        <span class="strong">{name}</span>
      </td>
      <td data-label="Role">{role}</td>
      <td data-label="State">
        <span class={`state-mark ${isDisabled ? 'is-disabled' : 'is-active'}`}>
          <Icon name={isDisabled ? 'close' : 'check'} />
          {isDisabled ? 'disabled' : 'active'}
        </span>
      </td>
      <td data-label="Added">
        <DateText at={createdAt} />
      </td>
      <td data-label="Changed">
        <DateText at={changedAt} />
      </td>
      <td class="access-actions">
        {ACTIONS.map(({ kind, label }) => {
          const said = kind === 'state' && isDisabled ? 'Enable' : label;
          return (
            <button
              key={kind}
              type="button"
              class={`button small ${kind === 'remove' ? 'is-bad' : ''}`}
              data-row-link={kind === 'role' ? true : undefined}
              aria-label={`${said}: ${name}`}
              onClick={() => onAsk({ kind, person })}
            >
              {said}
            </button>
          );
        })}
      </td>
    </tr>
  );
}
