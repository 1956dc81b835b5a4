import type { LogsResponse } from '#api/schemas/logs.ts';
import { useServiceNames } from '../fetch/use-service-names.ts';
import { SEVERITY_LEVELS } from '../format/severity.ts';
import { useConsole } from '../state.ts';
import { FilterChips } from '../widgets/filter-chips.tsx';
import { FilterField } from '../widgets/filter-field.tsx';
import { FilterSelect } from '../widgets/filter-select.tsx';
import { Icon } from '../widgets/icon.tsx';

const SEVERITIES = SEVERITY_LEVELS.map((level) => ({
  value: level,
  label: level === 'FATAL' ? 'FATAL' : `${level} and worse`,
}));

type WordsIn = LogsResponse['wordsIn'] | undefined;

/** Where words are looked for, said of one line. Until the first answer it is the lesser promise. */
export function wordsPlace(wordsIn: WordsIn): string {
  return wordsIn === 'body_and_attributes' ? 'the line or its attributes' : 'the line';
}

/** What a line must have, and the switch to follow new ones. */
export function LogFilters({ tailing, wordsIn }: { tailing: boolean; wordsIn: WordsIn }) {
  const { location } = useConsole();
  const params = location.params.value;
  const names = useServiceNames();
  return (
    <search class="filters" aria-label="Filter logs">
      <FilterField
        name="q"
        label={`Words in ${wordsPlace(wordsIn)}; all must be there`}
        placeholder="Search lines"
        width="240px"
        applyAfterMs={400}
      />
      <FilterSelect name="severity" label="Severity" none="All severities" options={SEVERITIES} />
      <FilterSelect name="service" label="Service" none="All services" options={names.services} />
      <FilterChips />
      {(['traceId', 'spanId'] as const).map((key) => {
        const value = params.get(key);
        if (value === null) return null;
        return (
          <span key={key} class="chip">
            <span class="chip-text" title={value}>
              {key === 'traceId' ? 'trace' : 'span'}=<b>{value.slice(0, 8)}…</b>
            </span>
            <button
              type="button"
              aria-label={`Remove the filter by ${key}`}
              onClick={() => location.go(location.with({ [key]: null }))}
            >
              <Icon name="close" />
            </button>
          </span>
        );
      })}
      <span class="spacer" />
      <button
        type="button"
        class={`tool-button toggle ${tailing ? 'is-set' : ''}`}
        aria-pressed={tailing}
        title={tailing ? 'Stop following new lines' : 'Follow new lines as they arrive'}
        onClick={() => location.go(location.with({ tail: tailing ? null : '1' }))}
      >
        {tailing ? <span class="live-dot" aria-hidden="true" /> : <Icon name="play" />}
        Live tail
      </button>
    </search>
  );
}
