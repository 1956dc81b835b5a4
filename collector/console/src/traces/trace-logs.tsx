import type { TraceResponse } from '#api/schemas/traces.ts';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/number.ts';
import { oneLine } from '../format/value.ts';
import { Notice } from '../widgets/notice.tsx';
import { ServiceName } from '../widgets/service-name.tsx';
import { SeverityTag } from '../widgets/severity-tag.tsx';
import { TimeText } from '../widgets/time-text.tsx';
import { placeLogs } from './clock-skew.ts';
import type { TreeSpan } from './waterfall.ts';

interface TraceLogsProps {
  trace: TraceResponse;
  rows: readonly TreeSpan[];
  select: (spanId: string | null) => void;
}

/** The logs of a trace by time; a click shows the span that wrote it. */
export function TraceLogs({ trace, rows, select }: TraceLogsProps) {
  const placed = placeLogs(trace.logs, trace.spans, trace.startTimeUnixNano);
  const names = new Map(rows.map(({ span }) => [span.spanId, span.name]));
  if (trace.logsProblem !== null) {
    return <Notice title="The logs could not be read" detail={trace.logsProblem} icon="error" />;
  }
  if (trace.logs.length === 0) {
    return (
      <Notice
        title="No logs carry this trace's id"
        detail="Log records are tied to a trace when the logging library is instrumented, or adds trace_id and span_id."
      />
    );
  }
  return (
    <div class="trace-logs">
      {trace.logs.length < trace.logsTotal && (
        <p class="muted">
          Showing the first {formatCount(trace.logs.length)} of {formatCount(trace.logsTotal)}.
        </p>
      )}
      <ol>
        {placed.map(({ log, startNano, offsetNano }) => {
          const spanName = log.spanId === null ? undefined : names.get(log.spanId);
          return (
            <li key={log.id} class="trace-log-row" data-row data-testid="trace-log-row">
              <TimeText unixNano={log.timeUnixNano} />
              <span
                class="muted numeric"
                title={
                  offsetNano === 0
                    ? 'After the start of the trace'
                    : `Moved by ${formatDuration(offsetNano)} to the clock of the root`
                }
              >
                {startNano < 0 ? '' : '+'}
                {formatDuration(startNano)}
              </span>
              <SeverityTag log={log} />
              <ServiceName service={log.service} />
              <span class="log-body">{oneLine(log.body)}</span>
              {spanName === undefined ? (
                <span class="muted">no span</span>
              ) : (
                <button type="button" class="link-button" data-row-link onClick={() => select(log.spanId)}>
                  {spanName}
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
