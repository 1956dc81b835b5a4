import type { AuditItem } from '#api/schemas/audit.ts';
import { formatCount } from '../format/number.ts';
import { formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { Icon } from '../widgets/icon.tsx';
import { actionTitle } from './action-title.ts';

/** One row a record. Who did it leads to all they did. */
export function AuditTable({ records }: { records: readonly AuditItem[] }) {
  return (
    <div class="data-section">
      <table class="table access-table" aria-label="Audit record">
        <thead>
          <tr>
            <th>When</th>
            <th>Who</th>
            <th>Action</th>
            <th>To what</th>
            <th>Outcome</th>
            <th>From</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <AuditRow key={JSON.stringify(record)} record={record} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AuditRow({ record }: { record: AuditItem }) {
  const { zone } = useConsole();
  const { action, address, at, count, target } = record;
  const title = actionTitle(action);
  return (
    <tr data-testid="audit-row" data-action={action} data-target={target} data-outcome={record.outcome}>
      <td data-label="When">
        <time dateTime={at}>{formatDateTime(Date.parse(at), zone.value)}</time>
        {count > 1 && <span class="muted"> ×{formatCount(count)}</span>}
      </td>
      <td data-label="Who">
        <Who record={record} />
      </td>
      <td data-label="Action" title={action}>
        {title ?? <code>{action}</code>}
      </td>
      <td data-label="To what">{target}</td>
      <td data-label="Outcome">
        <Outcome record={record} />
      </td>
      <td data-label="From" class="muted">
        {address}
      </td>
    </tr>
  );
}

function Who({ record: { kind, role, who } }: { record: AuditItem }) {
  const { location } = useConsole();
  const how = kind.replaceAll('_', ' ');
  if (who === '') return <span class="muted">{how}</span>;
  return (
    <>
      <a data-row-link href={location.with({ who })} title={`All that ${who} did`}>
        {who}
      </a>{' '}
      <span class="muted">{role ?? how}</span>
    </>
  );
}

const ICON = { ok: 'check', denied: 'close', failed: 'error' } as const;

function Outcome({ record: { outcome, status } }: { record: AuditItem }) {
  return (
    <span class={`state-mark is-${outcome}`}>
      <Icon name={ICON[outcome]} />
      {outcome}
      {status > 0 && <span class="muted">{status}</span>}
    </span>
  );
}
