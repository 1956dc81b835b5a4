import { useConsole } from '../state.ts';
import { readSort, sortText } from './sort.ts';

interface SortHeaderProps {
  column: string;
  label: string;
  fallback: string;
  numeric?: boolean;
  /** Hides the column on narrow screens. */
  minor?: boolean;
}

/** A column's head that sorts by it; the order stands in the address as `sort=column` or `sort=-column`. */
export function SortHeader({ column, label, fallback, numeric, minor }: SortHeaderProps) {
  const { location } = useConsole();
  const sort = readSort(location.params.value.get('sort') ?? fallback);
  const active = sort.column === column;
  const next = active ? !sort.descending : numeric === true;
  return (
    <th
      scope="col"
      class={`${numeric === true ? 'numeric' : ''} ${minor === true ? 'minor' : ''}`}
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        onClick={() =>
          location.go(location.with({ sort: sortText({ column, descending: next }) }), { replace: true })
        }
      >
        {label}
        <span class="sort-arrow" aria-hidden="true">
          {active ? (sort.descending ? '↓' : '↑') : ''}
        </span>
      </button>
    </th>
  );
}
