import type { TraceResponse } from '#api/schemas/traces.ts';
import { stringifyExact } from '../fetch/exact-json.ts';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/number.ts';
import { useConsole } from '../state.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { Fact } from '../widgets/fact.tsx';
import { Icon } from '../widgets/icon.tsx';
import { ServiceName } from '../widgets/service-name.tsx';
import { DurationText, TimeText } from '../widgets/time-text.tsx';
import { skewedServices } from './clock-skew.ts';
import { firstError, type TreeSpan } from './waterfall.ts';

interface TraceHeadProps {
  trace: TraceResponse;
  rows: readonly TreeSpan[];
  tab: 'waterfall' | 'logs';
  select: (spanId: string | null) => void;
}

/** What a trace is in one line each: name, numbers, where it failed, what is missing, and how to pass it on. */
export function TraceHead({ trace, rows, tab, select }: TraceHeadProps) {
  const { location } = useConsole();
  const root = rows[0]?.span;
  const errors = trace.spans.filter(({ statusCode }) => statusCode === 'ERROR').length;
  const failure = firstError(rows);
  return (
    <header class="trace-head">
      <div class="page-head">
        <a class="icon-button" href={location.to('/traces')} aria-label="All traces" title="All traces">
          <Icon name="left" />
        </a>
        <h1 title={root?.name}>{root?.name || '(no name)'}</h1>
        {root !== undefined && <ServiceName service={root.service} />}
        <span class="spacer" />
        <CopyButton
          text={trace.traceId}
          label="Copy the trace id"
          caption={`${trace.traceId.slice(0, 8)}…`}
        />
        <CopyButton
          text={() => window.location.href}
          label="Copy a link to this view"
          caption="Link"
          icon="link"
        />
        <CopyButton text={() => stringifyExact(trace)} label="Copy the trace as JSON" caption="JSON" />
      </div>
      <div class="facts">
        <Fact name="Started">
          <TimeText unixNano={trace.startTimeUnixNano} />
        </Fact>
        <Fact name="Duration">
          <DurationText nanos={trace.durationNano} />
        </Fact>
        <Fact name="Spans">{formatCount(trace.spansTotal)}</Fact>
        <Fact name="Services">{new Set(trace.spans.map(({ service }) => service)).size}</Fact>
        <Fact name="Failed spans" bad={errors > 0}>
          {formatCount(errors)}
        </Fact>
        {failure !== null && (
          <button
            type="button"
            class="button small is-bad"
            title={failure.span.statusMessage}
            onClick={() => select(failure.span.spanId)}
          >
            ▲ First failed in {failure.span.service}: {failure.span.name}
          </button>
        )}
      </div>
      <Caveats trace={trace} rows={rows} />
      <div class="tabs" role="tablist" aria-label="Views of the trace">
        {(['waterfall', 'logs'] as const).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === tab}
            onClick={() =>
              location.go(location.with({ tab: name === 'logs' ? name : null }), { replace: true })
            }
          >
            {name === 'logs' ? logsTab(trace) : 'Waterfall'}
          </button>
        ))}
      </div>
    </header>
  );
}

function logsTab({ logsProblem, logsTotal }: TraceResponse): string {
  return logsProblem === null ? `Logs ${formatCount(logsTotal)}` : 'Logs ?';
}

function Caveats({ trace, rows }: Pick<TraceHeadProps, 'trace' | 'rows'>) {
  const notes: string[] = [];
  for (const { service, offsetNano } of skewedServices(trace.spans)) {
    const way = offsetNano > 0 ? 'behind' : 'ahead';
    notes.push(
      `The clock of ${service} is about ${formatDuration(Math.abs(offsetNano))} ${way}; its spans are moved to the clock of the root. Times in their details are as sent.`,
    );
  }
  if (trace.spans.length < trace.spansTotal) {
    notes.push(
      `Showing ${formatCount(trace.spans.length)} of ${formatCount(trace.spansTotal)} spans, the earliest.`,
    );
  }
  const missing = rows.filter(({ parentMissing }) => parentMissing).length;
  if (missing > 0)
    notes.push(`${missing} ${missing === 1 ? 'span names' : 'spans name'} a parent that has not arrived.`);
  if (notes.length === 0) return null;
  return (
    <ul class="caveats">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
