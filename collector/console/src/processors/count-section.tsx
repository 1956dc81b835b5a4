import type { ProcessorsResponse } from '#api/schemas/processors.ts';
import { useConsole } from '../state.ts';
import { FilterSelect } from '../widgets/filter-select.tsx';
import { Notice } from '../widgets/notice.tsx';
import { CountTable } from './count-table.tsx';
import { DEFAULT_SORT, filterCounts, groupCounts, hasCountFilters, servicesOf } from './counts.ts';

/** What was done, a table a processor; what the address asks for alone. */
export function CountSection({ report }: { report: ProcessorsResponse }) {
  const { location } = useConsole();
  const { counts, rules, sections } = report;
  const params = location.params.value;
  if (counts.length === 0 && !hasCountFilters(params)) return <NothingDone />;
  const groups = groupCounts(
    filterCounts(counts, params),
    sections.map(({ processor }) => processor),
    params.get('sort') ?? DEFAULT_SORT,
  );
  return (
    <>
      <search class="filters" aria-label="Filter counts">
        <FilterSelect
          name="processor"
          label="Processor"
          none="All processors"
          options={sections.map(({ processor, title }) => ({ value: processor, label: title }))}
        />
        <FilterSelect name="service" label="Service" none="All services" options={servicesOf(counts)} />
      </search>
      {groups.length === 0 && <NoCountFits />}
      {groups.map((group) => (
        <CountTable
          key={group.processor}
          group={group}
          title={sections.find(({ processor }) => processor === group.processor)?.title ?? group.processor}
          rules={rules}
        />
      ))}
    </>
  );
}

function NothingDone() {
  const { location } = useConsole();
  return (
    <div data-testid="processors-empty">
      <Notice
        title="Nothing had to be done yet"
        detail="Without any configuration, credentials and personal data are taken out of everything that comes in, also out of prompts and answers; ids of users become keyed hashes; what is too large is cut and marked. Nothing is dropped until you say so. Each time something is done it is counted here."
      >
        <a class="button" href={location.to('/send')}>
          How to send data
        </a>
      </Notice>
    </div>
  );
}

function NoCountFits() {
  const { location } = useConsole();
  return (
    <Notice
      title="No count fits"
      detail="Nothing was done by this processor for this service since the start."
    >
      <a class="button" href={location.to('/processors')}>
        Show all
      </a>
    </Notice>
  );
}
