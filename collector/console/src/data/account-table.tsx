import type { DestinationAccounting } from '#api/schemas/accounting.ts';
import { useConsole } from '../state.ts';
import { readSort, sortRows } from '../widgets/sort.ts';
import { SortHeader } from '../widgets/sort-header.tsx';
import { AccountRow } from './account-row.tsx';
import { accountSortValue } from './account-state.ts';

const DEFAULT_SORT = '-state';

interface AccountTableProps {
  accounts: readonly DestinationAccounting[];
  at: string;
}

/** Where the items are, for each destination and signal; what needs somebody stands first. */
export function AccountTable({ accounts, at }: AccountTableProps) {
  const { location } = useConsole();
  const { column, descending } = readSort(location.params.value.get('sort') ?? DEFAULT_SORT);
  const rows = sortRows(accounts, { column, descending }, (account) =>
    accountSortValue(account, { at, column }),
  );
  const head = { fallback: DEFAULT_SORT, numeric: true };
  return (
    <div class="data-section">
      <h2 class="section-title" id="destinations-title">
        Destinations
      </h2>
      <table class="table data-table account-table" aria-labelledby="destinations-title">
        <thead>
          <tr>
            <SortHeader column="destination" label="Destination" fallback={DEFAULT_SORT} />
            <SortHeader column="signal" label="Signal" fallback={DEFAULT_SORT} />
            <SortHeader column="state" label="State" fallback={DEFAULT_SORT} />
            <SortHeader column="accepted" label="Accepted" {...head} />
            <SortHeader column="delivered" label="Delivered" {...head} />
            <SortHeader column="waiting" label="Waiting" {...head} />
            <SortHeader column="expired" label="Expired" {...head} />
            <SortHeader column="refused" label="Refused" {...head} />
            <SortHeader column="deadLettered" label="Dead letters" {...head} />
            <SortHeader column="damaged" label="Damaged" {...head} />
            <SortHeader column="sum" label="Sum" {...head} />
          </tr>
        </thead>
        <tbody>
          {rows.map((account) => (
            <AccountRow key={`${account.destination} ${account.signal}`} account={account} at={at} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
