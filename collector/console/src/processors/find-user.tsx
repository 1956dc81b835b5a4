import { useState } from 'preact/hooks';
import type { HashResponse } from '#api/schemas/processors.ts';
import { usePost } from '../fetch/use-post.ts';
import { useConsole } from '../state.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { Icon } from '../widgets/icon.tsx';

/** Where the semantic conventions put the id of a user, now and before. */
const KEYS = ['user.id', 'enduser.id'];
const LISTS = [
  { path: '/traces', label: 'Traces' },
  { path: '/logs', label: 'Logs' },
];

interface FindUserProps {
  fieldId: string;
  /** Whether ids of users are hashed at all. */
  isHashed: boolean;
}

/** Leads from the id of a user to what is kept of them. The id stays in the page: it is in no address. */
export function FindUser({ fieldId, isHashed }: FindUserProps) {
  const [id, setId] = useState('');
  const { busy, clear, data, failure, send } = usePost<HashResponse>('/api/v1/processors/hash');
  const trimmed = id.trim();
  function find(event: Event) {
    event.preventDefault();
    if (isHashed && trimmed !== '') send({ value: trimmed });
  }
  return (
    <section class="processor-tool" aria-labelledby="user-title" data-testid="find-user">
      <h2 id="user-title">Find a user</h2>
      <p class="muted">{isHashed ? HASHED : KEPT}</p>
      <form class="processor-tool-row" onSubmit={find}>
        <input
          id={fieldId}
          type="text"
          value={id}
          maxLength={4096}
          aria-label="Id of a user"
          placeholder="Id as your services send it"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => {
            setId(event.currentTarget.value);
            clear();
          }}
        />
        {isHashed && (
          <button type="submit" class="button primary" disabled={busy || trimmed === ''}>
            {busy ? 'Looking…' : 'Find'}
          </button>
        )}
      </form>
      {failure !== undefined && (
        <p class="problem" role="alert">
          <Icon name="error" /> {failure.message}
        </p>
      )}
      {data !== undefined && <Hash hash={data.hash} />}
      {!isHashed && trimmed !== '' && <UserLinks value={trimmed} />}
    </section>
  );
}

const HASHED =
  'Ids of users are hashed with a key of this installation before they are kept: the same id is always the same hash here, and without the key nobody can tell whose it is.';
const KEPT = 'Ids of users are kept as they are sent here (redact.user_ids), so they are what to look for.';

function Hash({ hash }: { hash: string }) {
  return (
    <>
      <p class="user-hash" role="status">
        <code data-testid="user-hash">{hash}</code>
        <CopyButton text={hash} label="Copy the hash" caption="Copy" />
      </p>
      <UserLinks value={hash} />
    </>
  );
}

function UserLinks({ value }: { value: string }) {
  const { location } = useConsole();
  return (
    <ul class="user-links">
      {LISTS.flatMap(({ label, path }) =>
        KEYS.map((key) => (
          <li key={`${path} ${key}`}>
            <a class="button small" href={location.to(path, { [`attr.${key}`]: value })}>
              {label} by {key}
            </a>
          </li>
        )),
      )}
    </ul>
  );
}
