import type { Span } from '#api/schemas/traces.ts';
import { useConsole } from '../state.ts';
import { tracePath } from '../url/route.ts';
import { AttributeList } from '../widgets/attribute-list.tsx';

/** Links of a span: each leads to the span it names. */
export function SpanLinks({ span }: { span: Span }) {
  const { location } = useConsole();
  if (span.links.length === 0 && span.droppedLinksCount === 0) return null;
  return (
    <section class="span-section">
      <h3>
        Links <span class="count">{span.links.length}</span>
      </h3>
      <ul class="span-links">
        {span.links.map((link, index) => (
          <li key={index}>
            <a href={location.to(tracePath(link.traceId), { span: link.spanId })}>
              Trace <code>{link.traceId.slice(0, 16)}…</code> span <code>{link.spanId}</code>
            </a>
            <AttributeList title="" attributes={link.attributes} dropped={link.droppedAttributesCount} />
          </li>
        ))}
      </ul>
      {span.droppedLinksCount > 0 && (
        <p class="muted">{span.droppedLinksCount} more were dropped by the sender.</p>
      )}
    </section>
  );
}
