import type { Span, TraceResponse } from '#api/schemas/traces.ts';
import { stringifyExact } from '../fetch/exact-json.ts';
import { exactDuration, formatDuration } from '../format/duration.ts';
import { exactTime } from '../format/time.ts';
import { valueText } from '../format/value.ts';
import { useConsole } from '../state.ts';
import { AttributeList } from '../widgets/attribute-list.tsx';
import { CopyButton } from '../widgets/copy-button.tsx';
import { Icon } from '../widgets/icon.tsx';
import { ServiceName } from '../widgets/service-name.tsx';
import { DurationText } from '../widgets/time-text.tsx';
import { SpanEvents } from './span-events.tsx';
import { SpanLinks } from './span-links.tsx';
import { SpanLogs } from './span-logs.tsx';
import { selfTimeNano, type TreeSpan } from './waterfall.ts';

interface SpanPanelProps {
  trace: TraceResponse;
  rows: readonly TreeSpan[];
  index: number;
  close: () => void;
}

/** Everything a span carries. A click on an attribute's value finds the traces that have it. */
export function SpanPanel({ trace, rows, index, close }: SpanPanelProps) {
  const { location } = useConsole();
  const row = rows[index]!;
  const { span } = row;
  const resource = trace.resources[span.resource];
  const scope = trace.scopes[span.scope];
  const filterHref = (key: string, value: string) => location.to('/traces', { [`attr.${key}`]: value });
  const withSame = { service: span.service, operation: span.name };
  return (
    <aside class="span-panel" data-testid="span-panel" aria-label={`Span ${span.name}`}>
      <header>
        <h2>{span.name || '(no name)'}</h2>
        <CopyButton text={() => stringifyExact({ ...span, resource, scope })} label="Copy the span as JSON" />
        <button
          type="button"
          class="icon-button small"
          aria-label="Close"
          title="Close (Esc)"
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      <p class="span-meta">
        <ServiceName service={span.service} />
        <span class="tag">{span.kind.toLowerCase()}</span>
        <a href={location.to('/traces', withSame)}>Traces with this operation</a>
      </p>
      {span.statusCode === 'ERROR' && (
        <p class="problem">
          <Icon name="error" /> {failureText(span)}
        </p>
      )}
      <SpanTimes trace={trace} rows={rows} index={index} />
      <AttributeList
        title="Attributes"
        attributes={span.attributes}
        dropped={span.droppedAttributesCount}
        filterHref={filterHref}
      />
      <SpanEvents span={span} />
      <SpanLogs logs={trace.logs.filter((log) => log.spanId === span.spanId)} />
      <SpanLinks span={span} />
      {resource !== undefined && (
        <AttributeList
          title="Resource"
          attributes={resource.attributes}
          dropped={resource.droppedAttributesCount}
          filterHref={filterHref}
        />
      )}
      {scope !== undefined && (
        <AttributeList
          title="Scope"
          attributes={{ name: scope.name, version: scope.version, ...scope.attributes }}
          dropped={scope.droppedAttributesCount}
        />
      )}
    </aside>
  );
}

function SpanTimes({ rows, index }: Pick<SpanPanelProps, 'trace' | 'rows' | 'index'>) {
  const { zone } = useConsole();
  const row = rows[index]!;
  const { span } = row;
  const self = selfTimeNano(rows, index);
  const offset = Number(span.clockOffsetNano);
  return (
    <dl class="span-times">
      <div>
        <dt>Duration</dt>
        <dd>
          <DurationText nanos={span.durationNano} />
        </dd>
      </div>
      <div title={`${exactDuration(self)} not covered by direct children`}>
        <dt>Own time</dt>
        <dd>{formatDuration(self)}</dd>
      </div>
      <div>
        <dt>Starts after</dt>
        <dd>{formatDuration(row.startNano)}</dd>
      </div>
      <div class="wide">
        <dt>Start, as sent</dt>
        <dd>
          {exactTime(span.startTimeUnixNano, zone.value)}
          {offset !== 0 && ` (moved by ${formatDuration(offset)})`}
        </dd>
      </div>
      <div class="wide">
        <dt>Span id</dt>
        <dd>
          <code>{span.spanId}</code> <CopyButton text={span.spanId} label="Copy the span id" />
        </dd>
      </div>
      {span.traceState !== '' && (
        <div class="wide">
          <dt>Trace state</dt>
          <dd>{span.traceState}</dd>
        </div>
      )}
    </dl>
  );
}

/** The status message, or where the sender left it out what the last exception says. */
function failureText(span: Span): string {
  if (span.statusMessage !== '') return span.statusMessage;
  const exception = span.events.findLast(({ name }) => name === 'exception');
  return valueText(exception?.attributes['exception.message']) || 'Failed, without a message';
}
