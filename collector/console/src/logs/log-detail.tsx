import type { LogRecord } from '#api/schemas/logs.ts';
import { stringifyExact } from '../fetch/exact-json.ts';
import { exactTime, nanoToMs } from '../format/time.ts';
import { valueText } from '../format/value.ts';
import { useConsole } from '../state.ts';
import { absoluteRange } from '../url/range.ts';
import { tracePath } from '../url/route.ts';
import { AttributeList } from '../widgets/attribute-list.tsx';
import { CopyButton } from '../widgets/copy-button.tsx';
import { StackTrace } from '../widgets/stack-trace.tsx';

/** How far around a line its neighbours are looked for, in milliseconds. */
const NEIGHBOURS_MS = 30_000;

/** All that a log record carries. */
export function LogDetail({ log }: { log: LogRecord }) {
  const { location, zone } = useConsole();
  const ms = nanoToMs(log.timeUnixNano === '0' ? log.observedTimeUnixNano : log.timeUnixNano);
  // Loki writes `_` for points.
  const { 'exception.stacktrace': stackTrace, exception_stacktrace, ...attributes } = log.attributes;
  const stack = valueText(stackTrace ?? exception_stacktrace);
  const filterHref = (key: string, value: string) => location.with({ [`attr.${key}`]: value });
  return (
    <div class="log-detail">
      <div class="log-actions">
        {log.traceId !== null && (
          <a class="button small primary" href={location.to(tracePath(log.traceId), { span: log.spanId })}>
            Show trace
          </a>
        )}
        <a
          class="button small"
          href={location.to('/logs', {
            service: log.service,
            ...absoluteRange(ms - NEIGHBOURS_MS, ms + NEIGHBOURS_MS),
          })}
        >
          Neighbours ±30 s
        </a>
        <CopyButton text={() => valueText(log.body)} label="Copy the line" caption="Line" />
        <CopyButton text={() => stringifyExact(log)} label="Copy the record as JSON" caption="JSON" />
        {log.traceId !== null && (
          <CopyButton text={log.traceId} label="Copy the trace id" caption="Trace id" />
        )}
      </div>
      <pre class="log-text">{valueText(log.body)}</pre>
      {stack !== '' && <StackTrace text={stack} />}
      <p class="muted">
        {exactTime(log.timeUnixNano, zone.value)}
        {log.observedTimeUnixNano !== log.timeUnixNano &&
          log.observedTimeUnixNano !== '0' &&
          `, observed ${exactTime(log.observedTimeUnixNano, zone.value)}`}
        {log.severityText !== '' && `, severity as sent: ${log.severityText} (${log.severityNumber})`}
        {log.eventName !== '' && `, event ${log.eventName}`}
      </p>
      <AttributeList
        title="Attributes"
        attributes={attributes}
        dropped={log.droppedAttributesCount}
        filterHref={filterHref}
      />
      <AttributeList
        title="Resource"
        attributes={log.resource.attributes}
        dropped={log.resource.droppedAttributesCount}
        filterHref={filterHref}
      />
      <AttributeList
        title="Scope"
        attributes={{ name: log.scope.name, version: log.scope.version, ...log.scope.attributes }}
      />
    </div>
  );
}
