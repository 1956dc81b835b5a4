import type { Span } from '#api/schemas/traces.ts';
import { formatDuration } from '../format/duration.ts';
import { nanosSince } from '../format/time.ts';
import { valueText } from '../format/value.ts';
import { AttributeList } from '../widgets/attribute-list.tsx';
import { CopyButton } from '../widgets/copy-button.tsx';
import { StackTrace } from '../widgets/stack-trace.tsx';

const EXCEPTION_KEYS = ['exception.type', 'exception.message', 'exception.stacktrace'];

/** Events of a span in their order; an exception (semantic conventions, "Exceptions") with its stack. */
export function SpanEvents({ span }: { span: Span }) {
  if (span.events.length === 0 && span.droppedEventsCount === 0) return null;
  return (
    <section class="span-section">
      <h3>
        Events <span class="count">{span.events.length}</span>
      </h3>
      <ol class="span-events">
        {span.events.map((event, index) => (
          <Event key={index} event={event} startUnixNano={span.startTimeUnixNano} />
        ))}
      </ol>
      {span.droppedEventsCount > 0 && (
        <p class="muted">{span.droppedEventsCount} more were dropped by the sender.</p>
      )}
    </section>
  );
}

function Event({ event, startUnixNano }: { event: Span['events'][number]; startUnixNano: string }) {
  const stack = valueText(event.attributes['exception.stacktrace']);
  const isException = event.name === 'exception' || stack !== '';
  const rest = Object.fromEntries(
    Object.entries(event.attributes).filter(([key]) => !isException || !EXCEPTION_KEYS.includes(key)),
  );
  return (
    <li>
      <p class="event-head">
        <span class={isException ? 'is-bad strong' : 'strong'}>
          {isException ? `▲ ${valueText(event.attributes['exception.type']) || event.name}` : event.name}
        </span>
        <span class="muted">+{formatDuration(nanosSince(event.timeUnixNano, startUnixNano))}</span>
        {stack !== '' && <CopyButton text={stack} label="Copy the stack trace" />}
      </p>
      {isException && <p class="event-message">{valueText(event.attributes['exception.message'])}</p>}
      {stack !== '' && <StackTrace text={stack} />}
      <AttributeList title="" attributes={rest} dropped={event.droppedAttributesCount} />
    </li>
  );
}
