import type { Signal } from '#core/signal.ts';
import { encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';

/** `service.name` of everything that the load sends; whatever else arrives somewhere is not counted. */
export const LOAD_SERVICE = 'crash-load';
export const LOAD_METRIC = 'crash.points';

/** Ids of one request are `block * BLOCK_SIZE + index`, so whoever groups ids by block counts requests. */
export const BLOCK_SIZE = 16_384;

/** A request whose ids can be set in place, which costs little next to encoding it. */
export interface PayloadTemplate {
  signal: Signal;
  count: number;
  /** A protobuf request, in memory of its own, with the ids from `block * BLOCK_SIZE` on. */
  fill(block: number): Buffer;
}

export interface TemplateOptions {
  signal: Signal;
  /** Items, up to BLOCK_SIZE. */
  count: number;
  /** 32 hexadecimal digits: the trace of all spans. */
  traceId: string;
  /** Characters added to every span and log record. */
  padding?: number;
  /** Gives the resource an attribute with `markerOf(block)`, to be found in what the program writes. */
  marked?: boolean;
}

/** Text that only one request holds. */
export function markerOf(block: number): string {
  return `crash-request-${hexId(block * BLOCK_SIZE)}.`;
}

/** Finds the markers in a text. */
export const MARKERS = /crash-request-[0-9a-f]{16}\./g;

/** An id in 16 hexadecimal digits. */
export function hexId(id: number): string {
  return id.toString(16).padStart(16, '0');
}

/** Above every block in use, and without bytes that anything else in a request would have. */
const PLACEHOLDER_BLOCK = 0x1f_1e_1d_1c_1b;

/** How an id lies in the bytes of a request: of a span, as text in the body of a log, as value of a point. */
const ID_BYTES: Record<Signal, (id: number) => Buffer> = {
  traces: (id) => Buffer.from(hexId(id), 'hex'),
  logs: (id) => Buffer.from(hexId(id)),
  metrics: (id) => Buffer.from(hexId(id), 'hex').reverse(),
};

/** Encodes a request of spans, log records or points of a gauge with the codec that is not ours. */
export function createTemplate(options: TemplateOptions): PayloadTemplate {
  const { signal, count } = options;
  const bytes = Buffer.from(encodeAs(REQUEST_NAMES[signal], requestOf(options)));
  const marker = markerOf(PLACEHOLDER_BLOCK);
  const markerAt = bytes.indexOf(marker);
  const idsAt = placesOf(
    bytes,
    idsOf(PLACEHOLDER_BLOCK, count).map(ID_BYTES[signal]),
    markerAt === -1 ? 0 : markerAt + marker.length,
  );
  return {
    signal,
    count,
    fill(block) {
      const filled = Buffer.from(bytes);
      if (markerAt !== -1) filled.write(markerOf(block), markerAt);
      idsOf(block, count).forEach((id, index) => {
        ID_BYTES[signal](id).copy(filled, idsAt[index]);
      });
      return filled;
    },
  };
}

function placesOf(bytes: Buffer, needles: readonly Buffer[], start: number): number[] {
  let from = start;
  return needles.map((needle) => {
    const at = bytes.indexOf(needle, from);
    if (at === -1) throw new Error('the template does not hold its own ids');
    from = at + needle.length;
    return at;
  });
}

function idsOf(block: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => block * BLOCK_SIZE + index);
}

function requestOf({ signal, count, traceId, padding = 0, marked = false }: TemplateOptions): Plain {
  const start = BigInt(Date.now()) * 1_000_000n;
  const ids = idsOf(PLACEHOLDER_BLOCK, count);
  const filler = 'x'.repeat(padding);
  const marks = marked ? [textAttribute('crash.request', markerOf(PLACEHOLDER_BLOCK))] : [];
  const resource = { attributes: [textAttribute('service.name', LOAD_SERVICE), ...marks] };
  const time = (index: number) => String(start + BigInt(index));
  if (signal === 'traces') {
    const spans = ids.map((id, index) => ({
      traceId: Buffer.from(traceId, 'hex'),
      spanId: ID_BYTES.traces(id),
      name: 'work',
      kind: 2,
      startTimeUnixNano: time(index),
      endTimeUnixNano: time(index + 1000),
      attributes: [textAttribute('filler', filler)],
    }));
    return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
  }
  if (signal === 'logs') {
    const logRecords = ids.map((id, index) => ({
      timeUnixNano: time(index),
      severityNumber: 9,
      body: { stringValue: `${hexId(id)} ${filler}` },
    }));
    return { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] };
  }
  const dataPoints = ids.map((id, index) => ({ timeUnixNano: time(index), asInt: String(id) }));
  const metrics = [{ name: LOAD_METRIC, gauge: { dataPoints } }];
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
}

function textAttribute(key: string, stringValue: string): Plain {
  return { key, value: { stringValue } };
}
