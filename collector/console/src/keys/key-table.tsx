import type { ApiKey, ApiKeyUsage, KeysResponse } from '#api/schemas/keys.ts';
import { formatBytes, formatCount, formatShort } from '../format/number.ts';
import { AgeText, DateText } from '../widgets/date-text.tsx';
import { Icon } from '../widgets/icon.tsx';
import { keyState, limitsText, refusedTexts } from './key-text.ts';

interface KeyTableProps {
  report: KeysResponse;
  onAsk: (kind: 'rotate' | 'revoke', apiKey: ApiKey) => void;
}

/** One row a key; on a narrow screen one card. */
export function KeyTable({ report, onAsk }: KeyTableProps) {
  return (
    <div class="data-section">
      <table class="table access-table" aria-label="Keys">
        <thead>
          <tr>
            <th>Key</th>
            <th>State</th>
            <th>Created</th>
            <th>Expires</th>
            <th>Last use</th>
            <th class="numeric">Today</th>
            <th class="numeric">Total</th>
            <th>Refused</th>
            <th>Limits</th>
            <th>
              <span class="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {report.keys.map((apiKey) => (
            <KeyRow key={apiKey.id} apiKey={apiKey} defaults={report.defaults} onAsk={onAsk} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface KeyRowProps extends Pick<KeyTableProps, 'onAsk'> {
  apiKey: ApiKey;
  defaults: KeysResponse['defaults'];
}

function KeyRow({ apiKey, defaults, onAsk }: KeyRowProps) {
  const { createdAt, createdBy, expiresAt, id, last4, limits, name, tenant, usage } = apiKey;
  const refused = refusedTexts(usage.total.refused);
  return (
    <tr data-testid="key-row" data-name={name} data-id={id} data-state={keyState(apiKey)}>
      <td class="access-name">
        <span class="strong">{name}</span>
        {tenant !== '' && <span class="tag">tenant {tenant}</span>}
        <span class="muted">
          <code>{id}</code> …{last4}
        </span>
      </td>
      <td data-label="State">
        <State apiKey={apiKey} />
      </td>
      <td data-label="Created" title={createdBy === '' ? undefined : `by ${createdBy}`}>
        <DateText at={createdAt} />
      </td>
      <td data-label="Expires">{expiresAt === null ? 'never' : <DateText at={expiresAt} />}</td>
      <td data-label="Last use" data-testid="key-last-use">
        {usage.lastUsedAt === null ? <span class="muted">never</span> : <AgeText at={usage.lastUsedAt} />}
      </td>
      <td class="numeric" data-label="Today">
        <Sent tally={usage.today} />
      </td>
      <td class="numeric" data-label="Total">
        <Sent tally={usage.total} />
      </td>
      <td data-label="Refused">
        {refused.length === 0 ? (
          <span class="muted">none</span>
        ) : (
          refused.map((text) => <div key={text}>{text}</div>)
        )}
      </td>
      <td data-label="Limits">
        {limitsText(limits, defaults).map((text) => (
          <div key={text}>{text}</div>
        ))}
      </td>
      <td class="access-actions">{apiKey.state === 'active' && <Actions apiKey={apiKey} onAsk={onAsk} />}</td>
    </tr>
  );
}

function Actions({ apiKey, onAsk }: Pick<KeyRowProps, 'apiKey' | 'onAsk'>) {
  const { name } = apiKey;
  return (
    <>
      <button
        type="button"
        class="button small"
        data-row-link
        aria-label={`Rotate ${name}`}
        onClick={() => onAsk('rotate', apiKey)}
      >
        Rotate
      </button>
      <button
        type="button"
        class="button small is-bad"
        aria-label={`Revoke ${name}`}
        onClick={() => onAsk('revoke', apiKey)}
      >
        Revoke
      </button>
    </>
  );
}

const STATE_ICON = { active: 'check', rotating: 'refresh', revoked: 'close', expired: 'clock' } as const;

function State({ apiKey }: { apiKey: ApiKey }) {
  const state = keyState(apiKey);
  const { previousUntil, revokedAt } = apiKey;
  return (
    <span class={`state-mark is-${state}`}>
      <Icon name={STATE_ICON[state]} />
      <span>
        {state}
        {state === 'rotating' && previousUntil !== null && (
          <span class="muted">
            {' '}
            · old key until <DateText at={previousUntil} />
          </span>
        )}
        {revokedAt !== null && (
          <span class="muted">
            {' '}
            <DateText at={revokedAt} />
          </span>
        )}
      </span>
    </span>
  );
}

function Sent({ tally: { bytes, items } }: { tally: ApiKeyUsage['today'] }) {
  return (
    <span title={`${formatCount(items)} items, ${formatCount(bytes)} bytes`}>
      {formatShort(items)} <span class="muted">{items === 1 ? 'item' : 'items'}</span>
      <br />
      <span class="muted">{formatBytes(bytes)}</span>
    </span>
  );
}
