import type { Signal } from '#core/signal.ts';
import { HOT_KEYS } from './collect.ts';
import type { Plain } from './reference.ts';

type Pair = [key: string, json: string];

const text = (plain: Plain, name: string) => plain[name] as string;
const list = (plain: Plain, name: string) => (plain[name] ?? []) as Plain[];
const texts = (plain: Plain, name: string) => (plain[name] ?? []) as string[];
const hex = (value: unknown) => Buffer.from((value as Uint8Array | undefined) ?? []).toString('hex');

function double(value: number): string {
  if (!Number.isFinite(value)) return `{"$double":"${value}"}`;
  const plain = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(plain) ? plain : `${plain}.0`;
}

function object(pairs: Pair[]): string {
  const first = new Map<string, string>();
  for (const [key, json] of pairs) if (!first.has(key)) first.set(key, json);
  return `{${[...first].map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
}

function any(value: Plain | null | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (value.stringValue !== undefined) return JSON.stringify(value.stringValue);
  if (value.boolValue !== undefined) return String(value.boolValue);
  if (value.intValue !== undefined) return String(value.intValue);
  if (value.doubleValue !== undefined) return double(value.doubleValue as number);
  if (value.bytesValue !== undefined)
    return `{"$bytes":"${Buffer.from(value.bytesValue as Uint8Array).toString('base64')}"}`;
  if (value.arrayValue !== undefined)
    return `[${list(value.arrayValue as Plain, 'values')
      .map((each) => any(each))
      .join(',')}]`;
  if (value.kvlistValue === undefined) return 'null';
  const pairs = list(value.kvlistValue as Plain, 'values').map((each): Pair => {
    const key = text(each, 'key');
    return [key.startsWith('$') ? `$${key}` : key, any(each.value as Plain)];
  });
  return object(pairs);
}

const attributes = (plain: Plain, name = 'attributes') =>
  object(list(plain, name).map((each): Pair => [text(each, 'key'), any(each.value as Plain)]));

function scalar(value: Plain | null | undefined): string | null {
  if (value?.stringValue !== undefined) return value.stringValue as string;
  if (value?.boolValue !== undefined) return String(value.boolValue);
  if (value?.intValue !== undefined) return String(value.intValue);
  if (value?.doubleValue === undefined) return null;
  const json = double(value.doubleValue as number);
  return json.startsWith('{') ? String(value.doubleValue) : json;
}

function hot(plain: Plain): (string | null)[] {
  return HOT_KEYS.map((key) => {
    const first = list(plain, 'attributes').find((each) => each.key === key);
    return scalar(first?.value as Plain);
  });
}

/** 8 little-endian bytes in hex, null where proto3 writes nothing: a default that was not set. */
function eight(value: unknown): string | null {
  if (value === undefined || value === null || value === '0') return null;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value as string)));
  return bytes.toString('hex');
}

const idOrNull = (value: unknown, bytes: number) => {
  const id = hex(value);
  return id.length === bytes * 2 && /[^0]/.test(id) ? id : null;
};

function resource(plain: Plain | null, schemaUrl: string): Plain {
  const source = plain ?? {};
  const refs = list(source, 'entityRefs').map((ref) =>
    JSON.stringify({
      schemaUrl: ref.schemaUrl,
      type: ref.type,
      idKeys: texts(ref, 'idKeys'),
      descriptionKeys: texts(ref, 'descriptionKeys'),
    }),
  );
  const named = list(source, 'attributes').find((each) => each.key === 'service.name');
  return {
    attributesJson: attributes(source),
    droppedAttributesCount: source.droppedAttributesCount ?? 0,
    entityRefsJson: `[${refs.join(',')}]`,
    serviceName: scalar(named?.value as Plain) || 'unknown_service',
    schemaUrl,
  };
}

function scope(plain: Plain | null, schemaUrl: string): Plain {
  const source = plain ?? {};
  return {
    name: source.name ?? '',
    version: source.version ?? '',
    attributesJson: attributes(source),
    droppedAttributesCount: source.droppedAttributesCount ?? 0,
    schemaUrl,
  };
}

const event = (each: Plain) =>
  `{"timeUnixNano":"${each.timeUnixNano}","name":${JSON.stringify(each.name)},` +
  `"attributes":${attributes(each)},"droppedAttributesCount":${each.droppedAttributesCount}}`;

const link = (each: Plain) =>
  `{"traceId":"${hex(each.traceId)}","spanId":"${hex(each.spanId)}",` +
  `"traceState":${JSON.stringify(each.traceState)},"flags":${each.flags},` +
  `"attributes":${attributes(each)},"droppedAttributesCount":${each.droppedAttributesCount}}`;

function span(plain: Plain): Plain {
  const status = (plain.status ?? {}) as Plain;
  return {
    traceIdAt: hex(plain.traceId),
    spanIdAt: hex(plain.spanId),
    parentSpanIdAt: idOrNull(plain.parentSpanId, 8),
    startAt: eight(plain.startTimeUnixNano),
    endAt: eight(plain.endTimeUnixNano),
    name: plain.name,
    kind: plain.kind,
    traceState: plain.traceState,
    flags: plain.flags,
    attributesJson: attributes(plain),
    droppedAttributesCount: plain.droppedAttributesCount,
    eventsJson: `[${list(plain, 'events').map(event).join(',')}]`,
    droppedEventsCount: plain.droppedEventsCount,
    linksJson: `[${list(plain, 'links').map(link).join(',')}]`,
    droppedLinksCount: plain.droppedLinksCount,
    statusCode: status.code ?? 0,
    statusMessage: status.message ?? '',
    hot: hot(plain),
  };
}

function log(plain: Plain): Plain {
  return {
    timeAt: eight(plain.timeUnixNano),
    observedTimeAt: eight(plain.observedTimeUnixNano),
    severityNumber: plain.severityNumber,
    severityText: plain.severityText,
    bodyJson: any(plain.body as Plain),
    attributesJson: attributes(plain),
    droppedAttributesCount: plain.droppedAttributesCount,
    flags: plain.flags,
    traceIdAt: idOrNull(plain.traceId, 16),
    spanIdAt: idOrNull(plain.spanId, 8),
    eventName: plain.eventName,
    hot: hot(plain),
  };
}

const TYPES = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential_histogram'],
  ['summary', 'summary'],
] as const;

function exemplar(each: Plain): string {
  const value = each.asDouble === undefined ? String(each.asInt ?? 'null') : double(each.asDouble as number);
  return (
    `{"timeUnixNano":"${each.timeUnixNano}","value":${value},"traceId":"${hex(each.traceId)}",` +
    `"spanId":"${hex(each.spanId)}","filteredAttributes":${attributes(each, 'filteredAttributes')}}`
  );
}

function buckets(plain: Plain | null | undefined): string {
  return `{"offset":${plain?.offset ?? 0},"bucketCounts":[${texts(plain ?? {}, 'bucketCounts').join(',')}]}`;
}

function detail(type: string, point: Plain): string {
  const doubles = (name: string) => ((point[name] ?? []) as number[]).map(double).join(',');
  if (type === 'histogram')
    return `{"bucketCounts":[${texts(point, 'bucketCounts').join(',')}],"explicitBounds":[${doubles('explicitBounds')}]}`;
  if (type === 'exponential_histogram')
    return (
      `{"scale":${point.scale},"zeroCount":${point.zeroCount},"zeroThreshold":${double(point.zeroThreshold as number)},` +
      `"positive":${buckets(point.positive as Plain)},"negative":${buckets(point.negative as Plain)}}`
    );
  if (type !== 'summary') return '{}';
  const quantiles = list(point, 'quantileValues').map(
    (each) => `{"quantile":${double(each.quantile as number)},"value":${double(each.value as number)}}`,
  );
  return `{"quantileValues":[${quantiles.join(',')}]}`;
}

function point(type: string, plain: Plain): Plain {
  const kind = plain.asDouble !== undefined ? 'double' : plain.asInt !== undefined ? 'int' : 'none';
  const asInt = Buffer.alloc(8);
  if (kind === 'int') asInt.writeBigInt64LE(BigInt(plain.asInt as string));
  return {
    attributesJson: attributes(plain),
    startAt: eight(plain.startTimeUnixNano),
    timeAt: eight(plain.timeUnixNano),
    flags: plain.flags,
    valueKind: kind,
    intAt: kind === 'int' ? asInt.toString('hex') : null,
    doubleValue: kind === 'double' ? plain.asDouble : 0,
    countAt: eight(plain.count),
    sum: plain.sum ?? null,
    min: plain.min ?? null,
    max: plain.max ?? null,
    detailJson: detail(type, plain),
    exemplarsJson: `[${list(plain, 'exemplars').map(exemplar).join(',')}]`,
  };
}

function metric(plain: Plain): Plain {
  const [field, type] = TYPES.find(([name]) => plain[name] !== undefined) ?? [undefined, 'none'];
  const data = (field === undefined ? {} : plain[field]) as Plain;
  return {
    name: plain.name,
    description: plain.description,
    unit: plain.unit,
    metadataJson: attributes(plain, 'metadata'),
    type,
    temporality: data.aggregationTemporality ?? 0,
    monotonic: data.isMonotonic ?? false,
    points: list(data, 'dataPoints').map((each) => point(type, each)),
  };
}

const SHAPES: Record<Signal, readonly [string, string, string, (item: Plain) => Plain]> = {
  traces: ['resourceSpans', 'scopeSpans', 'spans', (item: Plain) => ({ span: span(item) })],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics', (item: Plain) => ({ metric: metric(item) })],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords', (item: Plain) => ({ log: log(item) })],
};

/** What `collect` must give for a request that the reference decoded; made from its objects alone. */
export function expected(signal: Signal, request: Plain): Plain[] {
  const [groups, scopes, items, itemOf] = SHAPES[signal];
  return list(request, groups).flatMap((group) => [
    { resource: resource(group.resource as Plain | null, text(group, 'schemaUrl')) },
    ...list(group, scopes).flatMap((each) => [
      { scope: scope(each.scope as Plain | null, text(each, 'schemaUrl')) },
      ...list(each, items).map(itemOf),
    ]),
  ]);
}
