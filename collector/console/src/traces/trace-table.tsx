import type { Static } from 'typebox';
import type { TraceSummary } from '#api/schemas/traces.ts';
import { exactDuration, formatAge, formatDuration } from '../format/duration.ts';
import { countOf } from '../format/number.ts';
import { exactTime, nanosSince, nanoToMs } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { tracePath } from '../url/route.ts';
import { ServiceName } from '../widgets/service-name.tsx';
import { TimeText } from '../widgets/time-text.tsx';

type Summary = Static<typeof TraceSummary>;

/** More services than this are counted and named on hover. */
const CHIPS = 3;

/** Traces as rows; the bars compare durations within what is shown. */
export function TraceTable({ traces }: { traces: readonly Summary[] }) {
  const newestFirst = [...traces].sort((a, b) => nanosSince(b.startTimeUnixNano, a.startTimeUnixNano));
  const longest = Math.max(1, ...traces.map(({ durationNano }) => Number(durationNano)));
  return (
    <table class="table trace-table">
      <thead>
        <tr>
          <th scope="col">Started</th>
          <th scope="col">Trace</th>
          <th scope="col" class="minor">
            Services
          </th>
          <th scope="col" class="numeric minor">
            Spans
          </th>
          <th scope="col" class="numeric">
            Errors
          </th>
          <th scope="col">Duration</th>
        </tr>
      </thead>
      <tbody>
        {newestFirst.map((trace) => (
          <Row key={trace.traceId} trace={trace} longest={longest} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ trace, longest }: { trace: Summary; longest: number }) {
  const { location, zone } = useConsole();
  const failed = trace.errors > 0;
  const width = Math.max(0.5, (Number(trace.durationNano) / longest) * 100);
  return (
    <tr data-row data-testid="trace-row" data-trace-id={trace.traceId} data-error={failed}>
      <td class="when" title={exactTime(trace.startTimeUnixNano, zone.value)}>
        <TimeText unixNano={trace.startTimeUnixNano} />
        <span class="muted">{formatAge(Date.now() - nanoToMs(trace.startTimeUnixNano))}</span>
      </td>
      <td class="trace-root">
        <a data-row-link href={location.to(tracePath(trace.traceId), { span: trace.matchedSpanId })}>
          <span class="strong">{trace.rootOperation || '(no name)'}</span>
          <span class="muted">{trace.rootService}</span>
          {trace.rootMissing && (
            <span class="tag" title="No span without a parent has arrived (yet)">
              root missing
            </span>
          )}
        </a>
      </td>
      <td class="minor">
        <ServiceChips trace={trace} />
      </td>
      <td class="numeric minor">{trace.spans}</td>
      <td class={`numeric ${failed ? 'is-bad' : 'muted'}`} title={countOf(trace.errors, 'failed span')}>
        {failed ? `▲ ${trace.errors}` : '–'}
      </td>
      <td class="duration-cell" title={exactDuration(trace.durationNano)}>
        <span class="numeric">{formatDuration(Number(trace.durationNano))}</span>
        <span class={`bar ${failed ? 'is-bad' : ''}`} aria-hidden="true">
          <span style={{ width: `${width}%` }} />
        </span>
      </td>
    </tr>
  );
}

function ServiceChips({ trace }: { trace: Summary }) {
  const rest = trace.services.slice(CHIPS);
  return (
    <span class="service-chips">
      {trace.services.slice(0, CHIPS).map(({ service, spans, errors }) => (
        <ServiceName key={service} service={service} count={spans} errors={errors} />
      ))}
      {rest.length > 0 && (
        <span class="muted" title={rest.map(({ service, spans }) => `${service} ${spans}`).join(', ')}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
