import type { LogRecord } from '#api/schemas/logs.ts';
import { oneLine } from '../format/value.ts';
import { SeverityTag } from '../widgets/severity-tag.tsx';
import { TimeText } from '../widgets/time-text.tsx';

/** The logs that were written inside of a span. */
export function SpanLogs({ logs }: { logs: readonly LogRecord[] }) {
  if (logs.length === 0) return null;
  return (
    <section class="span-section">
      <h3>
        Logs <span class="count">{logs.length}</span>
      </h3>
      <ul class="span-logs">
        {logs.map((log) => (
          <li key={log.id}>
            <TimeText unixNano={log.timeUnixNano} /> <SeverityTag log={log} /> {oneLine(log.body)}
          </li>
        ))}
      </ul>
    </section>
  );
}
