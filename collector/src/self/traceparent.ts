import { isSpanContextValid, type SpanContext } from '@opentelemetry/api';

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * The parent in a `traceparent` header, null when there is none to continue. Later versions are read as
 * version 00, as W3C Trace Context 1 (section 3.2.4) asks.
 */
export function parseTraceparent(header: string | null | undefined): SpanContext | null {
  const match = TRACEPARENT.exec(header?.trim() ?? '');
  if (match === null) return null;
  const [, version, traceId = '', spanId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return null;
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(parent) ? parent : null;
}
