import { type Attributes, type Context, logs, ROOT_CONTEXT, SeverityNumber, trace } from '@opentelemetry/api';
import Transport from 'winston-transport';

const severities: Record<string, SeverityNumber> = {
  error: SeverityNumber.ERROR,
  warn: SeverityNumber.WARN,
  info: SeverityNumber.INFO,
  debug: SeverityNumber.DEBUG,
};

type LogRecord = { level: string; message: unknown } & Record<string, unknown>;

/**
 * A winston transport that hands every record to the OpenTelemetry logs API: level to severity, message to
 * body, the other fields to attributes, and trace_id and span_id (put there by the winston instrumentation)
 * to the record's own trace context, as the logs data model has them.
 */
export function createOtelLogTransport(): Transport {
  const otelLogger = logs.getLogger('winston');
  return new Transport({
    log(record: LogRecord, next: () => void) {
      const { level, message, timestamp: _, trace_id, span_id, trace_flags, ...attributes } = record;
      otelLogger.emit({
        severityNumber: severities[level] ?? SeverityNumber.UNSPECIFIED,
        severityText: level,
        body: String(message),
        attributes: attributes as Attributes,
        context: contextOf(trace_id, span_id, trace_flags),
      });
      next();
    },
  });
}

// Winston may call a transport later than the log call, when another request's span is active.
function contextOf(traceId: unknown, spanId: unknown, traceFlags: unknown): Context {
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(String(traceFlags), 16),
  });
}
