import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRequest } from './check.ts';
import { jsonToProtobuf } from './json-to-protobuf.ts';
import { encodeAs, type Plain } from './testing/reference.ts';

const TRACES = 'ExportTraceServiceRequest';
const good = (extra: Plain = {}): Plain => ({
  traceId: Buffer.alloc(16, 1),
  spanId: Buffer.alloc(8, 2),
  name: 'work',
  ...extra,
});
const traces = (spans: Plain[], more: Plain = {}) =>
  encodeAs(TRACES, { resourceSpans: [{ scopeSpans: [{ spans }], ...more }] });

function hex(text: string): Uint8Array {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

function wellFormed(...args: Parameters<typeof checkRequest>) {
  const checked = checkRequest(...args);
  assert.ok(checked.ok);
  return checked;
}

/** A field of number 1, length-delimited, around some bytes. */
function wrap(content: Uint8Array, tag = 0x0a): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest >= 128; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([tag, ...length, rest]), content]);
}

test('a span with a bad trace id is taken out and the others stay', () => {
  const checked = wellFormed('traces', traces([good(), good({ traceId: Buffer.alloc(0) }), good()]));
  assert.equal(checked.items, 2);
  assert.equal(checked.rejected, 1);
  assert.equal(checked.reason, '1 span rejected: trace_id must be 16 bytes and not all zero (1)');
  assert.deepEqual(Buffer.from(checked.bytes), Buffer.from(traces([good(), good()])));
});

test('the reason counts every cause', () => {
  const spans = [
    good({ traceId: Buffer.alloc(16) }),
    good({ spanId: Buffer.alloc(7, 1) }),
    good({ spanId: Buffer.alloc(8) }),
    good({ parentSpanId: Buffer.alloc(3, 1) }),
  ];
  assert.equal(
    wellFormed('traces', traces(spans)).reason,
    '4 spans rejected: trace_id must be 16 bytes and not all zero (1); ' +
      'span_id must be 8 bytes and not all zero (2); parent_span_id must be empty or 8 bytes (1)',
  );
});

test('an empty request and empty envelopes are fine', () => {
  assert.deepEqual(wellFormed('traces', new Uint8Array(0)).items, 0);
  assert.deepEqual(wellFormed('logs', hex('0a 00')).items, 0);
  assert.deepEqual(wellFormed('metrics', hex('0a 02 12 00')).rejected, 0);
});

test('a string that is not UTF-8 takes its span down, in the resource all of its spans', () => {
  const text = Buffer.from('\u00e9');
  const broken = (bytes: Uint8Array) => {
    const copy = Buffer.from(bytes);
    copy[copy.indexOf(text)] = 0xff;
    return copy;
  };
  const inSpan = wellFormed('traces', broken(traces([good({ name: '\u00e9' }), good()])));
  assert.deepEqual([inSpan.items, inSpan.rejected], [1, 1]);
  const resource = { attributes: [{ key: 'k', value: { stringValue: '\u00e9' } }] };
  const inResource = wellFormed('traces', broken(traces([good(), good()], { resource })));
  assert.deepEqual([inResource.items, inResource.rejected, inResource.bytes.length], [0, 2, 0]);
  assert.match(inResource.reason, /strings must be UTF-8 \(2\)/);
});

test('a resource that comes after its spans and is at fault takes them along, counting none twice', () => {
  const spans = encodeAs('ScopeSpans', { spans: [good(), good({ traceId: Buffer.alloc(3) }), good()] });
  const resource = Buffer.from(encodeAs('Resource', { entityRefs: [{ type: '\u00e9' }] }));
  resource[resource.indexOf(Buffer.from('\u00e9'))] = 0xc0;
  const group = wrap(Buffer.concat([wrap(spans, 0x12), wrap(resource)]));
  const checked = wellFormed('traces', Buffer.concat([group, traces([good()])]));
  assert.deepEqual([checked.items, checked.rejected], [1, 3]);
  assert.deepEqual(Buffer.from(checked.bytes), Buffer.from(traces([good()])));
});

test('a metric without a name loses its points, a point that is at fault only itself', () => {
  const point = { asInt: '5', attributes: [{ key: '\u00e9' }] };
  const request = encodeAs('ExportMetricsServiceRequest', {
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              { name: '', gauge: { dataPoints: [{}, {}] } },
              { name: 'm', sum: { dataPoints: [point, {}] } },
            ],
          },
        ],
      },
    ],
  });
  const bytes = Buffer.from(request);
  bytes[bytes.indexOf(Buffer.from('\u00e9'))] = 0xff;
  const checked = wellFormed('metrics', bytes);
  assert.deepEqual([checked.items, checked.rejected], [1, 3]);
  assert.match(checked.reason, /^3 data points rejected: .*name of a metric.*\(2\).*UTF-8 \(1\)$/);
});

test('a log record with ids of a wrong length is accepted', () => {
  const request = encodeAs('ExportLogsServiceRequest', {
    resourceLogs: [
      { scopeLogs: [{ logRecords: [{ traceId: Buffer.alloc(3, 1), spanId: Buffer.alloc(20) }] }] },
    ],
  });
  assert.deepEqual(wellFormed('logs', request).rejected, 0);
});

function nested(depth: number): Plain {
  let value: Plain = { intValue: '1' };
  for (let i = 1; i < depth; i++) value = { arrayValue: { values: [value] } };
  return good({ attributes: [{ key: 'deep', value }] });
}

test('attribute values may nest 64 deep and no deeper', () => {
  assert.equal(wellFormed('traces', traces([nested(64)])).items, 1);
  const checked = wellFormed('traces', traces([nested(65), good()]));
  assert.deepEqual([checked.items, checked.rejected], [1, 1]);
  assert.match(checked.reason, /nest deeper than 64/);
});

test('four thousand levels are refused without running out of stack', () => {
  let value: Uint8Array = Buffer.alloc(0);
  for (let i = 0; i < 4000; i++) value = wrap(wrap(value), 0x2a);
  const span = Buffer.concat([encodeAs('Span', good()), wrap(wrap(value, 0x12), 0x4a)]);
  const bytes = wrap(wrap(wrap(span, 0x12), 0x12));
  assert.equal(wellFormed('traces', bytes).rejected, 1);
});

test('a message given twice where one may be is rejected, since parsers would merge the two', () => {
  const value = encodeAs('AnyValue', { stringValue: 'x' });
  const attribute = Buffer.concat([wrap(value, 0x12), wrap(value, 0x12)]);
  const span = Buffer.concat([encodeAs('Span', good()), wrap(attribute, 0x4a)]);
  const checked = wellFormed('traces', wrap(wrap(wrap(span, 0x12), 0x12)));
  assert.deepEqual([checked.items, checked.rejected], [0, 1]);
});

test('unknown fields of every wire type are kept', () => {
  const unknown = hex('a0 3e 96 01 a1 3e 0102030405060708 a2 3e 02 ffff a5 3e 01020304');
  const span = Buffer.concat([encodeAs('Span', good()), unknown]);
  const bytes = Buffer.concat([wrap(wrap(wrap(span, 0x12), 0x12)), unknown]);
  const checked = wellFormed('traces', bytes);
  assert.equal(checked.items, 1);
  assert.equal(checked.bytes, bytes);
});

const MALFORMED: Record<string, string> = {
  'a tag that is cut off': '80',
  'a field number of 0': '02 00',
  'a known field of a wrong wire type': '08 01',
  'a group': '0b 0c',
  'a wire type that does not exist': '0e',
  'a length beyond the end': '0a 05 00',
  'a length of more than 10 bytes': '0a 8080808080808080808001',
  'an unknown varint of more than 10 bytes': '78 8080808080808080808001',
  'an unknown varint above 64 bits': '78 80808080808080808002',
  'an unknown field that is cut off': '79 01',
  'a resource that ends inside its own field': '0a 04 0a 02 10 80',
  'a number that is cut off in a span': '0a 06 12 04 12 02 39 01',
};
for (const [what, bytes] of Object.entries(MALFORMED)) {
  test(`${what} fails the request and says where`, () => {
    const checked = checkRequest('traces', hex(bytes));
    assert.ok(!checked.ok);
    assert.match(checked.message, /at byte \d+$/);
  });
}

test('a request that was cut anywhere inside is refused', () => {
  const whole = traces([good({ attributes: [{ key: 'k', value: { doubleValue: 1 } }] })]);
  for (let end = 1; end < whole.length; end++) {
    assert.equal(checkRequest('traces', whole.subarray(0, end)).ok, false, `cut at ${end}`);
  }
});

test('ids that are not hex in JSON reject only the item with them', () => {
  const ids = ['0af7651916cd43dd8448eb211c80319c', 'zz', '0AF7651916CD43DD8448EB211C80319C'];
  const spans = ids.map((traceId) => ({ traceId, spanId: 'b7ad6b7169203331' }));
  const transcoded = jsonToProtobuf(
    'traces',
    Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })),
  );
  assert.ok(transcoded.ok);
  const checked = wellFormed('traces', transcoded.bytes);
  assert.deepEqual([checked.items, checked.rejected], [2, 1]);
});
