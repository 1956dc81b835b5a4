import { type AttributeFilter, BadRequestError, type LogFilters, type SpanFilters } from '#query/requests.ts';
import type { LogsTailParams } from './schemas/logs.ts';
import type { TracesParams } from './schemas/traces.ts';

const MAX_WORDS = 10;
const MAX_ATTRIBUTES = 10;
const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
/** The lowest number of each range (opentelemetry-proto, logs.proto, SeverityNumber). */
const SEVERITIES: Record<string, number> = { TRACE: 1, DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17, FATAL: 21 };

/** The `attr.KEY=VALUE` parameters of a query string; a key can be given more than once. */
export function attributeFilters(query: object): AttributeFilter[] {
  const filters = Object.entries(query)
    .filter(([name]) => name.startsWith('attr.'))
    .flatMap(([name, value]) =>
      [value].flat().map((one) => ({ key: name.slice('attr.'.length), value: String(one) })),
    );
  if (filters.length > MAX_ATTRIBUTES)
    throw new BadRequestError('attr', `at most ${MAX_ATTRIBUTES} at a time`);
  return filters;
}

export function spanFilters(params: TracesParams): SpanFilters {
  return {
    service: params.service ?? null,
    operation: params.operation ?? null,
    kind: params.kind === undefined ? null : kindNumber(params.kind),
    minDurationNano: toNano(params.minDurationMs),
    maxDurationNano: toNano(params.maxDurationMs),
    error: params.error ?? null,
    attributes: attributeFilters(params),
  };
}

export function logFilters(params: LogsTailParams): LogFilters {
  return {
    service: params.service ?? null,
    minSeverity: params.severity === undefined ? 0 : severityNumber(params.severity),
    words: splitWords(params.q),
    traceId: params.traceId === undefined ? null : parseId('traceId', params.traceId, 32),
    spanId: params.spanId === undefined ? null : parseId('spanId', params.spanId, 16),
    attributes: attributeFilters(params),
  };
}

/** The words of `q`; throws BadRequestError when they are too many. */
export function splitWords(q = ''): string[] {
  const words = q.split(/\s+/).filter((word) => word !== '');
  if (words.length > MAX_WORDS) throw new BadRequestError('q', `at most ${MAX_WORDS} words`);
  return words;
}

/** A trace id or span id in lower case; throws BadRequestError. */
export function parseId(param: string, text: string, digits: 16 | 32): string {
  const id = text.toLowerCase();
  if (id.length === digits && /^[0-9a-f]+$/.test(id)) return id;
  throw new BadRequestError(param, `must be ${digits} hexadecimal digits`);
}

function kindNumber(name: string): number {
  const kind = KINDS.indexOf(name.toUpperCase());
  if (kind >= 0) return kind;
  throw new BadRequestError('kind', `must be one of ${KINDS.join(', ')}`);
}

function severityNumber(name: string): number {
  const severity = SEVERITIES[name.toUpperCase()];
  if (severity !== undefined) return severity;
  throw new BadRequestError('severity', `must be one of ${Object.keys(SEVERITIES).join(', ')}`);
}

function toNano(ms: number | undefined): bigint | null {
  return ms === undefined ? null : BigInt(Math.round(ms * 1e6));
}
