import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNALS } from '#core/signal.ts';
import { checkRequest } from './check.ts';
import { jsonToProtobuf } from './json-to-protobuf.ts';
import { protobufToJson } from './protobuf-to-json.ts';
import { message } from './testing/arbitrary.ts';
import { decodeAs, encodeAs, type Plain, REQUEST_NAMES } from './testing/reference.ts';

const RUNS = { numRuns: 250, seed: 20261125 };

function transcoded(signal: (typeof SIGNALS)[number], json: string): Uint8Array {
  const result = jsonToProtobuf(signal, Buffer.from(json));
  assert.ok(result.ok, result.ok ? '' : result.message);
  return result.bytes;
}

for (const signal of SIGNALS) {
  const name = REQUEST_NAMES[signal];

  test(`random ${signal} come back from OTLP/JSON as the reference encoded them`, () => {
    fc.assert(
      fc.property(message(name), fc.boolean(), (request, pretty) => {
        const bytes = encodeAs(name, request);
        const json = protobufToJson(signal, bytes, { pretty })!;
        assert.deepEqual(decodeAs(name, transcoded(signal, json)), decodeAs(name, bytes));
      }),
      RUNS,
    );
  });

  test(`pretty ${signal} are what JSON.stringify makes of the short form`, () => {
    fc.assert(
      fc.property(message(name), (request) => {
        const bytes = encodeAs(name, request);
        const wanted = JSON.stringify(JSON.parse(protobufToJson(signal, bytes)!), null, 2);
        assert.equal(withoutMinusZero(protobufToJson(signal, bytes, { pretty: true })!), wanted);
      }),
      RUNS,
    );
  });
}

/** JSON.stringify loses the sign of zero. */
function withoutMinusZero(pretty: string): string {
  return pretty.replace(/(?<=^ *(?:"\w+": )?)-0(?=,?$)/gm, '0');
}

const logs = (record: Plain) =>
  encodeAs('ExportLogsServiceRequest', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });

function record(bytes: Uint8Array): Plain {
  const json = JSON.parse(protobufToJson('logs', bytes)!) as {
    resourceLogs: { scopeLogs: { logRecords: Plain[] }[] }[];
  };
  return json.resourceLogs[0]!.scopeLogs[0]!.logRecords[0]!;
}

test('ids are hex, bytes base64, 64-bit integers text, enum values integers', () => {
  const bytes = logs({
    timeUnixNano: '18446744073709551615',
    severityNumber: 9,
    traceId: Buffer.alloc(16, 0xab),
    flags: 4_294_967_295,
    body: {
      arrayValue: {
        values: [
          { intValue: '-9223372036854775808' },
          { bytesValue: Buffer.from([255, 0, 1]) },
          { doubleValue: 1 },
          { boolValue: false },
          {},
        ],
      },
    },
  });
  assert.deepEqual(record(bytes), {
    timeUnixNano: '18446744073709551615',
    severityNumber: 9,
    body: {
      arrayValue: {
        values: [
          { intValue: '-9223372036854775808' },
          { bytesValue: '/wAB' },
          { doubleValue: 1 },
          { boolValue: false },
          {},
        ],
      },
    },
    flags: 4_294_967_295,
    traceId: 'ab'.repeat(16),
  });
});

test('doubles that JSON has no number for are written by name, and minus zero keeps its sign', () => {
  for (const [value, wanted] of [
    [Number.NaN, '"NaN"'],
    [Number.POSITIVE_INFINITY, '"Infinity"'],
    [Number.NEGATIVE_INFINITY, '"-Infinity"'],
    [-0, '-0'],
    [1e21, '1e+21'],
  ] as const) {
    const json = protobufToJson('logs', logs({ body: { doubleValue: value } }))!;
    assert.ok(json.includes(`{"doubleValue":${wanted}}`), json);
  }
});

test('what is on the wire is written although it is a default, what is not is left out', () => {
  const json =
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"0","severityText":"","body":{"stringValue":""}}]}]}]}';
  assert.equal(protobufToJson('logs', transcoded('logs', json)), json);
  assert.equal(protobufToJson('logs', new Uint8Array(0)), '{}');
  assert.equal(protobufToJson('logs', new Uint8Array(0), { pretty: true }), '{}');
});

test('of a field or oneof that comes more than once the last counts, and mixed fields are gathered', () => {
  const group = encodeAs('ResourceLogs', { schemaUrl: 'first' });
  const scope = encodeAs('ResourceLogs', { scopeLogs: [{ schemaUrl: 'inner' }] });
  const content = Buffer.concat([scope, group, scope, encodeAs('ResourceLogs', { schemaUrl: 'last' })]);
  const bytes = Buffer.concat([Buffer.from([0x0a, content.length]), content]);
  assert.ok(checkRequest('logs', bytes).ok);
  assert.equal(
    protobufToJson('logs', bytes),
    '{"resourceLogs":[{"scopeLogs":[{"schemaUrl":"inner"},{"schemaUrl":"inner"}],"schemaUrl":"last"}]}',
  );
  const both = Buffer.concat([
    encodeAs('AnyValue', { stringValue: 'a' }),
    encodeAs('AnyValue', { boolValue: true }),
  ]);
  const body = Buffer.concat([Buffer.from([0x2a, both.length]), both]);
  const wrapped = [0x12, 0x12, 0x0a].reduce(
    (inner: Buffer, tag) => Buffer.concat([Buffer.from([tag, inner.length]), inner]),
    body,
  );
  assert.ok(checkRequest('logs', wrapped).ok);
  assert.deepEqual(record(wrapped), { body: { boolValue: true } });
});

test('unknown fields are left out, also with numbers above 31', () => {
  const known = logs({ severityText: 'x' });
  const unknown = Buffer.from([0xfa, 0x01, 0x02, 0x68, 0x69, 0x98, 0x06, 0x01]);
  assert.equal(
    protobufToJson('logs', Buffer.concat([unknown, known, unknown])),
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":"x"}]}]}]}',
  );
});

test('repeated numbers are read packed and one by one', () => {
  const point = encodeAs('HistogramDataPoint', { bucketCounts: ['1', '2'] });
  const single = Buffer.concat([Buffer.from([0x31]), Buffer.from([3, 0, 0, 0, 0, 0, 0, 0])]);
  const content = Buffer.concat([point, single]);
  const wrap = (tag: number, inner: Uint8Array) => Buffer.concat([Buffer.from([tag, inner.length]), inner]);
  const metric = Buffer.concat([encodeAs('Metric', { name: 'm' }), wrap(0x4a, wrap(0x0a, content))]);
  const bytes = wrap(0x0a, wrap(0x12, wrap(0x12, metric)));
  assert.ok(checkRequest('metrics', bytes).ok);
  assert.match(protobufToJson('metrics', bytes)!, /"bucketCounts":\["1","2","3"\]/);
});

test('values nested as deep as the check allows are written, and indented only so far', () => {
  const nested = (levels: number) => {
    let value: Plain = { stringValue: 'deep' };
    for (let level = 1; level < levels; level++) value = { arrayValue: { values: [value] } };
    return value;
  };
  const bytes = logs({ body: nested(64) });
  const checked = checkRequest('logs', bytes);
  assert.ok(checked.ok && checked.rejected === 0);
  const json = protobufToJson('logs', bytes, { pretty: true })!;
  assert.deepEqual(record(bytes), { body: nested(64) });
  assert.deepEqual(JSON.parse(json), JSON.parse(protobufToJson('logs', bytes)!));
  assert.ok(Math.max(...json.split('\n').map((line) => /^ */.exec(line)![0].length)) <= 80);
});

test('what would be longer than the limit is null, soon and not at the end', () => {
  const bytes = logs({ body: { arrayValue: { values: Array.from({ length: 100_000 }, () => ({})) } } });
  const whole = protobufToJson('logs', bytes)!;
  assert.equal(protobufToJson('logs', bytes, { maxBytes: whole.length }), whole);
  assert.equal(protobufToJson('logs', bytes, { maxBytes: whole.length - 1 }), null);
  assert.equal(protobufToJson('logs', bytes, { maxBytes: 100, pretty: true }), null);
});
