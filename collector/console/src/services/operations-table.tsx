import type { Static } from 'typebox';
import type { Operation, Service } from '#api/schemas/services.ts';
import { formatMs } from '../format/duration.ts';
import { countOf, formatCount, formatRate, formatRatio } from '../format/number.ts';
import { useConsole } from '../state.ts';
import { readSort, sortRows } from '../widgets/sort.ts';
import { SortHeader } from '../widgets/sort-header.tsx';

type OperationRow = Static<typeof Operation>;

const DEFAULT_SORT = '-requests';

/** What a service does, by operation; each leads to its traces. */
export function OperationsTable({ service }: { service: Service }) {
  const { location } = useConsole();
  const sort = readSort(location.params.value.get('sort') ?? DEFAULT_SORT);
  const rows = sortRows(service.operations, sort, (row) => sortValue(row, sort.column));
  const head = { fallback: DEFAULT_SORT, numeric: true };
  const shown = service.operations.length;
  return (
    <>
      <h2 class="section-title">
        Operations{' '}
        <span class="muted">
          {shown < service.operationsTotal
            ? `showing ${shown} of ${formatCount(service.operationsTotal)}, those with most requests`
            : shown}
        </span>
      </h2>
      <table class="table">
        <thead>
          <tr>
            <SortHeader column="operation" label="Operation" fallback={DEFAULT_SORT} />
            <SortHeader column="kind" label="Kind" minor fallback={DEFAULT_SORT} />
            <SortHeader column="requests" label="Rate" {...head} />
            <SortHeader column="errors" label="Errors" {...head} />
            <SortHeader column="p50" label="p50" minor {...head} />
            <SortHeader column="p95" label="p95" {...head} />
            <SortHeader column="p99" label="p99" minor {...head} />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={`${row.operation} ${row.kind}`} service={service.service} row={row} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Row({ service, row }: { service: string; row: OperationRow }) {
  const { location } = useConsole();
  const filter = { service, operation: row.operation };
  return (
    <tr data-row data-testid="operation-row">
      <td>
        <a data-row-link class="strong" href={location.to('/traces', filter)}>
          {row.operation || '(no name)'}
        </a>
      </td>
      <td class="minor muted">{row.kind.toLowerCase()}</td>
      <td class="numeric" title={countOf(row.requests, 'request')}>
        {formatRate(row.requestsPerSecond)}
      </td>
      <td
        class={`numeric ${row.errors > 0 ? 'is-bad' : ''}`}
        title={`${row.errors} of ${row.requests} failed`}
      >
        {row.errors > 0 ? (
          <a href={location.to('/traces', { ...filter, error: 'true' })}>▲ {formatRatio(row.errorRatio)}</a>
        ) : (
          formatRatio(row.errorRatio)
        )}
      </td>
      <td class="numeric minor">{formatMs(row.p50Ms)}</td>
      <td class="numeric">{formatMs(row.p95Ms)}</td>
      <td class="numeric minor">{formatMs(row.p99Ms)}</td>
    </tr>
  );
}

function sortValue(row: OperationRow, column: string): string | number | null {
  switch (column) {
    case 'operation':
      return row.operation;
    case 'kind':
      return row.kind;
    case 'errors':
      return row.errorRatio;
    case 'p50':
      return row.p50Ms;
    case 'p95':
      return row.p95Ms;
    case 'p99':
      return row.p99Ms;
    default:
      return row.requests;
  }
}
