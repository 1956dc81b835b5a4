import { useState } from 'preact/hooks';
import type { ApiKey, KeysResponse, NewKeyResponse } from '#api/schemas/keys.ts';
import { useApi } from '../fetch/use-api.ts';
import { AdminOnly } from '../shell/admin-only.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { SecretOnce } from '../widgets/secret-once.tsx';
import { KeyDialog, type KeyTask } from './key-dialog.tsx';
import { KeyTable } from './key-table.tsx';
import { headersVariable } from './key-text.ts';
import { KeysVerdict } from './keys-verdict.tsx';

/** API keys of senders: who may send, under which limits, and what they sent. */
export function KeysPage() {
  return (
    <AdminOnly title="Keys">
      <Keys />
    </AdminOnly>
  );
}

function Keys() {
  const report = useApi<KeysResponse>('/api/v1/keys', { live: true });
  const [task, setTask] = useState<KeyTask | null>(null);
  const [made, setMade] = useState<NewKeyResponse | null>(null);
  const ask = (kind: 'rotate' | 'revoke', apiKey: ApiKey) => setTask({ kind, apiKey });
  function onDone(answer: NewKeyResponse | null) {
    setTask(null);
    if (answer !== null) setMade(answer);
    report.reload();
  }
  return (
    <section class="page keys-page">
      <header class="page-head">
        <h1>Keys</h1>
        <span class="muted">of senders, as x-api-key</span>
        <span class="spacer" />
        <button type="button" class="button primary" onClick={() => setTask({ kind: 'make' })}>
          New key
        </button>
      </header>
      {made !== null && (
        <SecretOnce
          key={made.key}
          title={`The key of ${made.name}`}
          lines={[
            { label: 'Key', text: made.key },
            { label: 'For OpenTelemetry SDKs', text: headersVariable(made.key) },
          ]}
          onDone={() => setMade(null)}
        />
      )}
      <LoadState of={report} what="Keys">
        {(data) => (
          <>
            <KeysVerdict report={data} />
            {data.keys.length === 0 ? (
              <NoKeys isRequired={data.isRequired} onMake={() => setTask({ kind: 'make' })} />
            ) : (
              <KeyTable report={data} onAsk={ask} />
            )}
          </>
        )}
      </LoadState>
      {task !== null && <KeyDialog task={task} onDone={onDone} onClose={() => setTask(null)} />}
    </section>
  );
}

function NoKeys({ isRequired, onMake }: { isRequired: boolean; onMake: () => void }) {
  return (
    <Notice
      title="No keys yet"
      icon="keys"
      detail={
        isRequired
          ? 'Nobody can send before there is a key. Make one for each service or team, and give it to their SDK.'
          : 'With a key for each service or team you see who sends how much, can limit them, and can lock one out without the others.'
      }
    >
      <button type="button" class="button primary" onClick={onMake}>
        Make the first key
      </button>
    </Notice>
  );
}
