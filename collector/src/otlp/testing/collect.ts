import type { Signal } from '#core/signal.ts';
import { readEnvelope } from '../envelope.ts';
import { createLogReader } from '../log-record.ts';
import { readMetric, readPoints } from '../metric.ts';
import { readResource } from '../resource.ts';
import { readScope } from '../scope.ts';
import { createSpanReader } from '../span.ts';
import type { Plain } from './reference.ts';

export const HOT_KEYS = ['a', 'http.route', '\u00e9'];

/** Bytes at an offset as hex; null when the field is absent. */
function hexAt(bytes: Uint8Array, at: number, length: number): string | null {
  return at < 0 ? null : Buffer.from(bytes.subarray(at, at + length)).toString('hex');
}

const ZERO = '0'.repeat(16);

/** Zero means the same as absent, except in a oneof. */
function withoutZero(name: string, hex: string | null): string | null {
  return hex === ZERO && name !== 'intAt' ? null : hex;
}

/** Replaces offsets, the fields whose names end in `At`, by the bytes that they point at. */
function resolved(bytes: Uint8Array, fields: object): Plain {
  const lengths: Record<string, number> = { traceIdAt: 16, spanIdAt: 8, parentSpanIdAt: 8 };
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) =>
      name.endsWith('At')
        ? [name, withoutZero(name, hexAt(bytes, value as number, lengths[name] ?? 8))]
        : [name, Array.isArray(value) ? [...value] : value],
    ),
  );
}

function collectMetric(bytes: Uint8Array, start: number, end: number): Plain {
  const metric = { ...readMetric(bytes, start, end) };
  const points: Plain[] = [];
  readPoints(bytes, metric, (point) => points.push(resolved(bytes, point)));
  const { dataStart: _start, dataEnd: _end, ...rest } = metric;
  return { ...rest, points };
}

/** Everything the readers give for a checked request, in order. */
export function collect(signal: Signal, bytes: Uint8Array): Plain[] {
  const readSpan = createSpanReader(HOT_KEYS);
  const readLog = createLogReader(HOT_KEYS);
  const found: Plain[] = [];
  readEnvelope(bytes, {
    resource: (start, end, schemaUrl) =>
      found.push({ resource: { ...readResource(bytes, start, end), schemaUrl } }),
    scope: (start, end, schemaUrl) => found.push({ scope: { ...readScope(bytes, start, end), schemaUrl } }),
    item: (start, end) => {
      if (signal === 'traces') found.push({ span: resolved(bytes, readSpan(bytes, start, end)) });
      else if (signal === 'logs') found.push({ log: resolved(bytes, readLog(bytes, start, end)) });
      else found.push({ metric: collectMetric(bytes, start, end) });
    },
  });
  return found;
}
