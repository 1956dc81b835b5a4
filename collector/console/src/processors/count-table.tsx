import { useState } from 'preact/hooks';
import type { ProcessorCount, RedactionRule } from '#api/schemas/processors.ts';
import { formatAge } from '../format/duration.ts';
import { formatCount, formatShort } from '../format/number.ts';
import { formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { ServiceName } from '../widgets/service-name.tsx';
import { SortHeader } from '../widgets/sort-header.tsx';
import { type CountGroup, DEFAULT_SORT, placeOf } from './counts.ts';
import { ruleTitle } from './rule-title.ts';

/** More rows than this nobody reads, and they would be drawn anew at each refresh. */
const MOST_ROWS = 200;

interface CountTableProps {
  group: CountGroup;
  title: string;
  rules: readonly RedactionRule[];
}

/** What one processor did, by rule and service. */
export function CountTable({ group: { counts, processor }, title, rules }: CountTableProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? counts : counts.slice(0, MOST_ROWS);
  const head = { fallback: DEFAULT_SORT };
  return (
    <div class="data-section">
      <h2 class="section-title" id={`counts-${processor}`}>
        {title} <span class="muted">{processor}</span>
      </h2>
      <table class="table data-table count-table" aria-labelledby={`counts-${processor}`}>
        <thead>
          <tr>
            <SortHeader column="rule" label="Rule" {...head} />
            <SortHeader column="service" label="Service" {...head} />
            <SortHeader column="signal" label="Signal" {...head} />
            <SortHeader column="action" label="Done" {...head} />
            <SortHeader column="count" label="Count" {...head} numeric />
            <SortHeader column="lastAt" label="Last" {...head} numeric />
          </tr>
        </thead>
        <tbody>
          {shown.map((count) => (
            <CountRow
              key={[count.rule, count.action, count.signal, count.service].join('\n')}
              count={count}
              title={ruleTitle(processor, count.rule, rules)}
            />
          ))}
        </tbody>
      </table>
      {shown.length < counts.length && (
        <p class="list-end muted">
          {formatCount(shown.length)} of {formatCount(counts.length)} rows are shown
          <button type="button" class="button small" onClick={() => setWhole(true)}>
            Show all
          </button>
        </p>
      )}
    </div>
  );
}

function CountRow({ count, title }: { count: ProcessorCount; title: string }) {
  const { location, zone } = useConsole();
  const { action, lastAt, processor, rule, service, signal } = count;
  const lastMs = Date.parse(lastAt);
  const place = placeOf(count);
  return (
    <tr
      data-row={place !== null}
      data-testid="count-row"
      data-processor={processor}
      data-rule={rule}
      data-service={service}
      data-signal={signal}
      data-count={count.count}
    >
      <td class="count-rule">
        <code class="strong">{rule}</code> <span class="muted">{title}</span>
      </td>
      <td data-label="Service">
        <ServiceName service={service} />
      </td>
      <td data-label="Signal">
        {place === null ? (
          signal
        ) : (
          <a
            data-row-link
            href={location.to(place.path, place.query)}
            title={`Look at ${signal} of ${service}`}
          >
            {signal}
          </a>
        )}
      </td>
      <td data-label="Done">{action}</td>
      <td class="numeric" data-label="Count" title={formatCount(count.count)}>
        {formatShort(count.count)}
      </td>
      <td class="numeric muted" data-label="Last" title={formatDateTime(lastMs, zone.value)}>
        {formatAge(Date.now() - lastMs)}
      </td>
    </tr>
  );
}
