import { FilterField } from '../widgets/filter-field.tsx';
import { FilterSelect } from '../widgets/filter-select.tsx';

const STATES = [
  { value: 'firing', label: 'Firing' },
  { value: 'resolved', label: 'Resolved' },
];
const SEVERITIES = ['critical', 'warning', 'info'];

/** Which alerts are shown; `severities` are those that were seen. */
export function AlertFilters({ severities }: { severities: readonly string[] }) {
  const seen = severities.filter((severity) => severity !== '').map((severity) => severity.toLowerCase());
  return (
    <search class="filters" aria-label="Filter alerts">
      <FilterField
        name="q"
        label="Words in labels and annotations, as in team=shop; all must be there"
        placeholder="Search alerts"
        width="240px"
        applyAfterMs={400}
      />
      <FilterSelect name="state" label="State" none="All states" options={STATES} />
      <FilterSelect
        name="severity"
        label="Severity"
        none="All severities"
        options={[...new Set([...SEVERITIES, ...seen])]}
      />
    </search>
  );
}
