import { useServiceNames } from '../fetch/use-service-names.ts';
import { parseDurationMs } from '../format/duration.ts';
import { useConsole } from '../state.ts';
import { FilterChips } from '../widgets/filter-chips.tsx';
import { FilterField } from '../widgets/filter-field.tsx';
import { FilterSelect } from '../widgets/filter-select.tsx';

/** What a trace must have; all of it on one span. */
export function TraceFilters() {
  const { location } = useConsole();
  const params = location.params.value;
  const names = useServiceNames();
  const error = params.get('error') === 'true';
  return (
    <search class="filters" aria-label="Filter traces">
      <FilterSelect name="service" label="Service" none="All services" options={names.services} />
      <FilterField
        name="operation"
        label="Operation: the exact name of a span"
        placeholder="Operation"
        suggestions={names.operations(params.get('service'))}
        width="180px"
      />
      <FilterField
        name="minDurationMs"
        label="Least duration, as 250ms or 1.5s"
        placeholder="Min duration"
        width="116px"
        show={(ms) => (ms === '' ? '' : `${ms} ms`)}
        parse={(text) => {
          const ms = parseDurationMs(text);
          return ms === null ? null : String(ms);
        }}
      />
      <button
        type="button"
        class={`tool-button toggle ${error ? 'is-set' : ''}`}
        aria-pressed={error}
        onClick={() => location.go(location.with({ error: error ? null : 'true' }))}
      >
        ▲ Errors only
      </button>
      <FilterChips />
    </search>
  );
}
