import type { ApiToken } from '#api/schemas/tokens.ts';
import { DateText } from '../widgets/date-text.tsx';
import { Icon } from '../widgets/icon.tsx';

interface TokenTableProps {
  tokens: readonly ApiToken[];
  onRevoke: (token: ApiToken) => void;
}

/** One row a token, without the token itself. */
export function TokenTable({ tokens, onRevoke }: TokenTableProps) {
  return (
    <div class="data-section">
      <table class="table access-table" aria-labelledby="tokens-title">
        <thead>
          <tr>
            <th>Name</th>
            <th>May</th>
            <th>State</th>
            <th>Created</th>
            <th>Expires</th>
            <th>
              <span class="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={onRevoke} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TokenRow({ token, onRevoke }: { token: ApiToken } & Pick<TokenTableProps, 'onRevoke'>) {
  const { createdAt, expiresAt, id, isExpired, name, role, scopes } = token;
  return (
    <tr data-testid="token-row" data-name={name}>
      <td class="access-name">
        <span class="strong">{name}</span>
        <code class="muted">{id}</code>
      </td>
      <td data-label="May">{[...(role === null ? [] : [role]), ...scopes].join(', ')}</td>
      <td data-label="State">
        <span class={`state-mark ${isExpired ? 'is-expired' : 'is-active'}`}>
          <Icon name={isExpired ? 'clock' : 'check'} />
          {isExpired ? 'expired' : 'active'}
        </span>
      </td>
      <td data-label="Created">
        <DateText at={createdAt} />
      </td>
      <td data-label="Expires">{expiresAt === null ? 'never' : <DateText at={expiresAt} />}</td>
      <td class="access-actions">
        <button
          type="button"
          class="button small is-bad"
          data-row-link
          aria-label={`Revoke token ${name}`}
          onClick={() => onRevoke(token)}
        >
          Revoke
        </button>
      </td>
    </tr>
  );
}
