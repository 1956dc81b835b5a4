import { useState } from 'preact/hooks';
import type { PeopleResponse } from '#api/schemas/people.ts';
import { useApi } from '../fetch/use-api.ts';
import { AdminOnly } from '../shell/admin-only.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { PeopleTable } from './people-table.tsx';
import { PersonDialog, type PersonTask } from './person-dialog.tsx';
import { TokenSection } from './token-section.tsx';

/** Who may use this Signalbox: users with names, and API tokens of scripts and machines. */
export function PeoplePage() {
  return (
    <AdminOnly title="People">
      <People />
    </AdminOnly>
  );
}

function People() {
  const report = useApi<PeopleResponse>('/api/v1/people', { live: true });
  const [task, setTask] = useState<PersonTask | null>(null);
  const add = () => setTask({ kind: 'add' });
  return (
    <section class="page people-page">
      <header class="page-head">
        <h1>People</h1>
        <span class="muted">viewers read; operators also act; admins also manage keys, people and audit</span>
        <span class="spacer" />
        <button type="button" class="button primary" onClick={add}>
          Add a user
        </button>
      </header>
      <LoadState of={report} what="People">
        {({ people }) =>
          people.length === 0 ? (
            <Notice
              title="No users yet"
              icon="people"
              detail="Everybody uses the operators' token, so the audit record cannot say who did what. Give each person a name and a role. People who log in by a provider or a proxy are not listed here."
            >
              <button type="button" class="button primary" onClick={add}>
                Add the first user
              </button>
            </Notice>
          ) : (
            <PeopleTable people={people} onAsk={setTask} />
          )
        }
      </LoadState>
      <TokenSection />
      {task !== null && (
        <PersonDialog
          task={task}
          onDone={() => {
            setTask(null);
            report.reload();
          }}
          onClose={() => setTask(null)}
        />
      )}
    </section>
  );
}
