import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rewrite } from '#otlp/rewrite.ts';
import { decodeAs, encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { messageField } from './fields.ts';
import { createStructure, structureEdits } from './structure.ts';
import { limitConfig, limited, noted } from './testing/limited.ts';

const TRACES = 'ExportTraceServiceRequest';
const text = (stringValue: string) => ({ stringValue });
const attribute = (key: string, value: Plain = text('v')) => ({ key, value });
const attributes = (count: number, prefix = 'k') =>
  Array.from({ length: count }, (_, index) => attribute(`${prefix}${index}`));
const span = (extra: Plain = {}): Plain => ({
  traceId: Buffer.alloc(16, 1),
  spanId: Buffer.alloc(8, 2),
  name: 'work',
  ...extra,
});
const traces = (spans: Plain[], resource: Plain = {}) =>
  encodeAs(TRACES, { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });

function group(bytes: Uint8Array): { resource: Plain; spans: Plain[] } {
  const [found] = decodeAs(TRACES, bytes).resourceSpans as Plain[];
  const [scope] = found!.scopeSpans as Plain[];
  return { resource: found!.resource as Plain, spans: scope!.spans as Plain[] };
}
const keysOf = (plain: Plain) => (plain.attributes as Plain[]).map(({ key }) => key);

/** A request after limits; a second run must not change it. */
function twice(bytes: Uint8Array, config = limitConfig()) {
  const first = limited('traces', bytes, config);
  const second = limited('traces', first.bytes, config);
  assert.equal(second.changes, 0);
  return { ...first, ...group(first.bytes) };
}

test('attributes beyond the limit go, the first stay, and the dropped count grows', () => {
  const sent = span({ attributes: attributes(300), droppedAttributesCount: 5 });
  const { counts, spans } = twice(traces([sent, span()]));
  assert.deepEqual(counts, { attributes: 44 });
  assert.deepEqual(keysOf(spans[0]!), keysOf({ attributes: attributes(256) }));
  assert.equal(spans[0]!.droppedAttributesCount, 49);
  assert.equal(spans[0]!.name, 'work');
  assert.equal(spans[1]!.droppedAttributesCount, 0);
});

test('events and links have limits of their own, and so have the attributes of each', () => {
  const config = limitConfig({ max_events: 2, max_links: 1, max_attributes: 3 });
  const event = (name: string) => ({ name, attributes: attributes(5), droppedAttributesCount: 1 });
  const link = { traceId: Buffer.alloc(16, 3), spanId: Buffer.alloc(8, 4), attributes: attributes(4) };
  const sent = span({ events: ['a', 'b', 'c'].map(event), links: [link, link], droppedLinksCount: 7 });
  const { counts, spans } = twice(traces([sent]), config);
  const events = spans[0]!.events as Plain[];
  const links = spans[0]!.links as Plain[];
  assert.deepEqual(
    events.map(({ name, droppedAttributesCount }) => [name, droppedAttributesCount]),
    [
      ['a', 3],
      ['b', 3],
    ],
  );
  assert.equal(links.length, 1);
  assert.deepEqual([spans[0]!.droppedEventsCount, spans[0]!.droppedLinksCount], [1, 8]);
  // What is in the event and the link that go is not counted.
  assert.deepEqual(counts, { events: 1, links: 1, attributes: 2 * 2 + 1 });
});

test('a resource keeps what names its service wherever it stands', () => {
  const named = [
    attribute('service.name', text('pay')),
    attribute('telemetry.sdk.language', text('nodejs')),
    attribute('service.name', text('again')),
  ];
  const refs = Array.from({ length: 40 }, () => ({ type: 'host' }));
  const sent = { attributes: [...attributes(260), ...named], entityRefs: refs };
  const { counts, resource } = twice(traces([span()], sent));
  assert.deepEqual(keysOf(resource).slice(255), ['k255', 'service.name', 'telemetry.sdk.language']);
  assert.equal((resource.entityRefs as Plain[]).length, 32);
  assert.equal(resource.droppedAttributesCount, 5);
  assert.deepEqual(counts, { attributes: 5, entity_refs: 8 });
});

test('members that do not fit into the bytes of an item go, smaller ones behind them stay', () => {
  const config = limitConfig({ max_attributes_bytes: 8192, max_value_bytes: 6000 });
  const large = (key: string) => attribute(key, text('x'.repeat(5000)));
  const sent = span({ attributes: [large('a'), large('b'), attribute('c')] });
  const { counts, spans } = twice(traces([sent]), config);
  assert.deepEqual(keysOf(spans[0]!), ['a', 'c']);
  assert.deepEqual(counts, { bytes: 1 });
  assert.equal(spans[0]!.droppedAttributesCount, 1);
});

test('exemplars and attributes of every kind of data point are limited', () => {
  const point = {
    attributes: attributes(300),
    exemplars: Array.from({ length: 40 }, () => ({ asInt: '1' })),
  };
  const kinds = {
    sum: point,
    histogram: { ...point, bucketCounts: ['1', '2'], explicitBounds: [5] },
    exponentialHistogram: point,
    summary: { attributes: point.attributes },
  };
  const metrics = Object.entries(kinds).map(([kind, each]) => ({
    name: kind,
    [kind]: { dataPoints: [each] },
  }));
  const bytes = encodeAs('ExportMetricsServiceRequest', {
    resourceMetrics: [{ scopeMetrics: [{ metrics }] }],
  });
  const first = limited('metrics', bytes, limitConfig());
  assert.equal(limited('metrics', first.bytes, limitConfig()).changes, 0);
  assert.deepEqual(first.counts, { attributes: 4 * 44, exemplars: 3 * 8 });
  const [found] = decodeAs('ExportMetricsServiceRequest', first.bytes).resourceMetrics as Plain[];
  const [scope] = found!.scopeMetrics as Plain[];
  for (const metric of scope!.metrics as Plain[]) {
    const [one] = (metric[metric.name as string] as Plain).dataPoints as Plain[];
    assert.equal((one!.attributes as Plain[]).length, 256);
    assert.equal((one!.exemplars as Plain[] | undefined)?.length ?? 32, 32);
    if (metric.name === 'histogram') assert.deepEqual(one!.bucketCounts, ['1', '2']);
  }
});

const nested = (depth: number): Plain =>
  depth === 0 ? text('deep') : { arrayValue: { values: [nested(depth - 1)] } };

test('an array nested too deep becomes a text that says so, and a text at the last level stays', () => {
  const sent = span({ attributes: [attribute('a', nested(16)), attribute('b', nested(20))] });
  const { counts, spans } = twice(traces([sent]));
  const [a, b] = (spans[0]!.attributes as Plain[]).map(({ value }) => JSON.stringify(value));
  assert.match(a!, /"deep"/);
  assert.match(b!, /"\[cut: nested deeper than 16\]"/);
  assert.equal(b!.split('arrayValue').length - 1, 16);
  assert.deepEqual(counts, { depth: 1 });
});

test('lists keep their first values and end in a marker, lists within lists included', () => {
  const config = limitConfig({ max_list_values: 10 });
  const ints = (count: number) => ({
    arrayValue: { values: Array.from({ length: count }, () => text('1')) },
  });
  const list = { kvlistValue: { values: Array.from({ length: 20 }, (_, at) => attribute(`k${at}`)) } };
  const sent = span({
    attributes: [attribute('array', ints(12)), attribute('list', list), attribute('ok', ints(10))],
  });
  const { counts, spans } = twice(traces([sent]), config);
  const [array, kvlist, ok] = (spans[0]!.attributes as Plain[]).map(({ value }) => value as Plain);
  const values = (array!.arrayValue as Plain).values as Plain[];
  assert.equal(values.length, 10);
  assert.equal(values.at(-1)!.stringValue, '[cut: too many values]');
  const members = (kvlist!.kvlistValue as Plain).values as Plain[];
  assert.equal(members.length, 10);
  assert.deepEqual(members.at(-1), { key: '[cut]', value: text('[cut: too many values]') });
  assert.equal(((ok!.arrayValue as Plain).values as Plain[]).length, 10);
  assert.deepEqual(counts, { list: 2 });
});

test('a large value loses the ends of its long texts, and what is behind them stays', () => {
  const config = limitConfig({ max_value_bytes: 1000 });
  const body = {
    kvlistValue: {
      values: [attribute('message', text('\u00e4'.repeat(2000))), attribute('level', text('info'))],
    },
  };
  const logs = encodeAs('ExportLogsServiceRequest', {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ body }] }] }],
  });
  const first = limited('logs', logs, config);
  assert.equal(limited('logs', first.bytes, config).changes, 0);
  const [found] = decodeAs('ExportLogsServiceRequest', first.bytes).resourceLogs as Plain[];
  const [record] = ((found!.scopeLogs as Plain[])[0]!.logRecords ?? []) as Plain[];
  const [message, level] = ((record!.body as Plain).kvlistValue as Plain).values as Plain[];
  assert.match((message!.value as Plain).stringValue as string, /^\u00e4{100,}…\[cut: 4000 bytes\]$/);
  assert.deepEqual(level!.value, text('info'));
  assert.deepEqual(first.counts, { value_length: 1 });
});

test('a long text or bytes value is cut, a value of all kinds at once loses all but the last', () => {
  const config = limitConfig({ max_value_bytes: 500 });
  const bytes = { bytesValue: Buffer.alloc(2000, 7) };
  const sent = span({ attributes: [attribute('text', text('x'.repeat(2000))), attribute('bytes', bytes)] });
  const { counts, spans } = twice(traces([sent]), config);
  const [one, two] = (spans[0]!.attributes as Plain[]).map(({ value }) => value as Plain);
  assert.match(one!.stringValue as string, /^x+…\[cut: 2000 bytes\]$/);
  assert.equal((two!.bytesValue as number[]).length, 500);
  assert.deepEqual(counts, { value_length: 2 });
  const member = encodeAs('AnyValue', text('y'.repeat(300)));
  const value = Buffer.concat([member, member, encodeAs('AnyValue', { intValue: '7' })]);
  const key = encodeAs('KeyValue', { key: 'k' });
  const crafted = messageField(0x4a, Buffer.concat([key, messageField(0x12, value)]));
  const withIt = Buffer.concat([encodeAs('Span', span()), crafted]);
  const request = messageField(0x0a, messageField(0x12, messageField(0x12, withIt)));
  const { spans: after } = twice(request, config);
  assert.deepEqual((after[0]!.attributes as Plain[])[0]!.value, { intValue: '7' });
});

const megabytes = (field: Uint8Array, mib: number) => {
  const count = Math.floor((mib * 1024 * 1024) / field.length);
  return Buffer.concat(new Array<Uint8Array>(count).fill(field));
};

test('millions of members cost milliseconds and few edits, whatever stands between them', () => {
  const config = limitConfig();
  const structure = createStructure(config);
  const event = messageField(0x5a, new Uint8Array(0));
  const unknown = Uint8Array.of(0xf8, 0x01, 1);
  const kind = Uint8Array.of(0x30, 1);
  const parts = [
    event,
    Buffer.concat([event, unknown]),
    Buffer.concat([event, kind]),
    Buffer.concat([unknown, event]),
  ];
  for (const part of parts) {
    const content = Buffer.concat([encodeAs('Span', span()), megabytes(part, 8)]);
    const bytes = messageField(0x0a, messageField(0x12, messageField(0x12, content)));
    const { spots } = noted('traces', bytes, config);
    const { counts, edits } = structureEdits(bytes, spots, structure);
    const after = rewrite(bytes, edits);
    assert.ok(edits.length < 1000, `${edits.length} edits`);
    assert.equal(counts.events, Math.floor((8 * 1024 * 1024) / part.length) - 256);
    assert.ok(after.length < 4000);
    const [only] = group(after).spans;
    assert.deepEqual([only!.name, (only!.events as Plain[]).length], ['work', 256]);
  }
});

test('buckets given one by one between millions of exemplars stay in order, in one edit', () => {
  const config = limitConfig();
  const part = Buffer.concat([
    messageField(0x42, new Uint8Array(0)),
    Uint8Array.of(0x31, 1, 0, 0, 0, 0, 0, 0, 0),
  ]);
  const point = megabytes(part, 4);
  const metric = Buffer.concat([
    encodeAs('Metric', { name: 'm' }),
    messageField(0x4a, messageField(0x0a, point)),
  ]);
  const bytes = messageField(0x0a, messageField(0x12, messageField(0x12, metric)));
  const { counts, edits } = structureEdits(
    bytes,
    noted('metrics', bytes, config).spots,
    createStructure(config),
  );
  assert.ok(edits.length <= 33);
  const count = point.length / part.length;
  assert.equal(counts.exemplars, count - 32);
  assert.ok(noted('metrics', rewrite(bytes, edits), config).items === 1);
  assert.equal(rewrite(bytes, edits).length > count * 9, true);
});

test('a list of lists with millions of values is cut in one place for each level', () => {
  const config = limitConfig();
  const values = megabytes(messageField(0x0a, new Uint8Array(0)), 8);
  const inner = messageField(0x0a, messageField(0x2a, values));
  const value = messageField(0x2a, Buffer.concat([inner, inner]));
  const keyed = Buffer.concat([encodeAs('KeyValue', { key: 'k' }), messageField(0x12, value)]);
  const content = Buffer.concat([encodeAs('Span', span()), messageField(0x4a, keyed)]);
  const bytes = messageField(0x0a, messageField(0x12, messageField(0x12, content)));
  const { edits, counts } = structureEdits(
    bytes,
    noted('traces', bytes, config).spots,
    createStructure(config),
  );
  assert.equal(edits.length, 2);
  assert.deepEqual(counts, { list: 1 });
  assert.ok(rewrite(bytes, edits).length < 10_000);
});
