import { useState } from 'preact/hooks';
import type { ApiToken, NewTokenResponse, TokensResponse } from '#api/schemas/tokens.ts';
import { useApi } from '../fetch/use-api.ts';
import { LoadState } from '../widgets/load-state.tsx';
import { SecretOnce } from '../widgets/secret-once.tsx';
import { NewTokenDialog, RevokeTokenDialog } from './token-dialogs.tsx';
import { TokenTable } from './token-table.tsx';

/** API tokens: for scripts that ask the API, Prometheus that reads /metrics, Alertmanager that tells of alerts. */
export function TokenSection() {
  const report = useApi<TokensResponse>('/api/v1/tokens', { live: true });
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiToken | null>(null);
  const [made, setMade] = useState<NewTokenResponse | null>(null);
  return (
    <>
      <div class="section-head">
        <h2 id="tokens-title">API tokens</h2>
        <span class="muted">for scripts and machines; senders of telemetry have keys instead</span>
        <span class="spacer" />
        <button type="button" class="button" onClick={() => setMaking(true)}>
          New token
        </button>
      </div>
      {made !== null && (
        <SecretOnce
          key={made.token}
          title={`The token ${made.name}`}
          lines={[
            { label: 'Token', text: made.token },
            { label: 'As a header', text: `Authorization: Bearer ${made.token}` },
          ]}
          onDone={() => setMade(null)}
        />
      )}
      <LoadState of={report} what="API tokens">
        {({ tokens }) =>
          tokens.length === 0 ? (
            <p class="muted" data-testid="no-tokens">
              No tokens yet. Make one for each script, with the least role that does, so that you can revoke
              it alone.
            </p>
          ) : (
            <TokenTable tokens={tokens} onRevoke={setRevoked} />
          )
        }
      </LoadState>
      {isMaking && (
        <NewTokenDialog
          onDone={(answer) => {
            setMaking(false);
            setMade(answer);
            report.reload();
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {revoked !== null && (
        <RevokeTokenDialog
          token={revoked}
          onDone={() => {
            setRevoked(null);
            report.reload();
          }}
          onClose={() => setRevoked(null)}
        />
      )}
    </>
  );
}
