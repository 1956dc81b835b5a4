import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonToProtobuf } from './json-to-protobuf.ts';
import { decodeAs, type Plain } from './testing/reference.ts';

const logs = (record: string) => `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`;

function bytesOf(json: string | Uint8Array): Uint8Array {
  const transcoded = jsonToProtobuf('logs', Buffer.from(json));
  assert.ok(transcoded.ok, transcoded.ok ? '' : transcoded.message);
  return transcoded.bytes;
}

/** The one log record of a request, as the reference decodes it. */
function record(json: string): Plain {
  const request = decodeAs('ExportLogsServiceRequest', bytesOf(logs(json))) as {
    resourceLogs: { scopeLogs: { logRecords: Plain[] }[] }[];
  };
  return request.resourceLogs[0]!.scopeLogs[0]!.logRecords[0]!;
}

function messageOf(json: string | Uint8Array): string {
  const transcoded = jsonToProtobuf('logs', Buffer.from(json));
  assert.ok(!transcoded.ok);
  return transcoded.message;
}

const body = (json: string) => record(`{"body":${json}}`).body as Plain;

test('nothing at all and an empty object are empty requests', () => {
  assert.equal(bytesOf('').length, 0);
  assert.equal(bytesOf(' {} \n').length, 0);
});

test('64-bit integers survive exactly, as text and as numbers, and with exponents', () => {
  for (const [json, wanted] of [
    ['18446744073709551615', '18446744073709551615'],
    ['"18446744073709551615"', '18446744073709551615'],
    ['9007199254740993', '9007199254740993'],
    ['1e3', '1000'],
    ['5.0', '5'],
    ['12.50e1', '125'],
    ['1700000000123456789.000', '1700000000123456789'],
    ['18446744073709551615.0', '18446744073709551615'],
    ['0e999999999', '0'],
    ['-0', '0'],
  ] as const)
    assert.equal(record(`{"timeUnixNano":${json}}`).timeUnixNano, wanted, json);
  assert.equal(body('{"intValue":"-9223372036854775808"}').intValue, '-9223372036854775808');
  assert.equal(body('{"intValue":9223372036854775807}').intValue, '9223372036854775807');
});

test('integers out of range or with a fraction are refused', () => {
  for (const json of ['18446744073709551616', '-1', '1.5', '1e20', '1e999999999', '"12 "', '""', 'true'])
    assert.match(messageOf(logs(`{"timeUnixNano":${json}}`)), /at byte \d+$/, json);
  assert.match(messageOf(logs('{"body":{"intValue":"9223372036854775808"}}')), /int64/);
  assert.match(messageOf(logs('{"flags":4294967296}')), /fixed32/);
  assert.match(messageOf(logs('{"severityNumber":2147483648}')), /enum/);
});

test('names of enum values are refused with the advice to send the integer', () => {
  assert.match(messageOf(logs('{"severityNumber":"SEVERITY_NUMBER_INFO"}')), /use the integer at byte \d+$/);
  assert.equal(record('{"severityNumber":9}').severityNumber, 9);
});

test('doubles may be numbers, text and the three names', () => {
  assert.equal(body('{"doubleValue":1.5e300}').doubleValue, 1.5e300);
  assert.equal(body('{"doubleValue":"2.5"}').doubleValue, 2.5);
  assert.ok(Object.is(body('{"doubleValue":-0.0}').doubleValue, -0));
  assert.ok(Number.isNaN(body('{"doubleValue":"NaN"}').doubleValue));
  assert.equal(body('{"doubleValue":"-Infinity"}').doubleValue, Number.NEGATIVE_INFINITY);
  assert.match(messageOf(logs('{"body":{"doubleValue":1e999}}')), /double/);
});

test('ids are hex of either case and other bytes base64 of either alphabet', () => {
  assert.deepEqual(record('{"spanId":"B7ad6b7169203331"}').spanId, [
    ...Buffer.from('b7ad6b7169203331', 'hex'),
  ]);
  assert.deepEqual(record('{"spanId":"b7a"}').spanId, []);
  assert.deepEqual(record('{"spanId":"nothex!!"}').spanId, []);
  assert.deepEqual(body('{"bytesValue":"+/8="}').bytesValue, [0xfb, 0xff]);
  assert.deepEqual(body('{"bytesValue":"-_8"}').bytesValue, [0xfb, 0xff]);
  assert.match(messageOf(logs('{"body":{"bytesValue":"a"}}')), /base64/);
});

test('members of a oneof are written also when they have their default', () => {
  assert.deepEqual(body('{"intValue":"0"}'), { intValue: '0' });
  assert.deepEqual(body('{"boolValue":false}'), { boolValue: false });
  assert.deepEqual(body('{"stringValue":""}'), { stringValue: '' });
  assert.deepEqual(body('{"arrayValue":{}}'), { arrayValue: { values: [] } });
});

test('null is absent, and unknown and snake_case keys are skipped whatever they hold', () => {
  const json =
    '{"body":null,"attributes":null,"severity_text":"no","new":{"a":[1,{"b":"\\u00e9"},null,true,-1.5e-3]},"eventName":"e"}';
  const found = record(json);
  assert.equal(found.body, null);
  assert.deepEqual([found.severityText, found.eventName], ['', 'e']);
});

test('escapes are resolved, in keys too, and lone surrogates become U+FFFD', () => {
  const text = (json: string) => body(`{"string\\u0056alue":"${json}"}`).stringValue;
  assert.equal(text('\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00'), '"\\/\b\f\n\r\t\u00e9\u{1f600}');
  assert.equal(text('a\\ud83dz\\ude00'), 'a\ufffdz\ufffd');
  assert.equal(text('\\ud83d\\ud83d\\ude00'), '\ufffd\u{1f600}');
});

const varintBytes = (value: number) => Math.max(1, Math.ceil(value.toString(2).length / 7));

test('lengths are written in the fewest bytes, however large what they count', () => {
  for (const length of [0, 1, 117, 118, 127, 128, 16383, 16384, 2_100_000]) {
    const json = JSON.stringify({ body: { stringValue: 'x'.repeat(length) } });
    let wanted = length;
    // The string, AnyValue, LogRecord, ScopeLogs, ResourceLogs: each has a tag of one byte and a length.
    for (let level = 0; level < 5; level++) wanted += 1 + varintBytes(wanted);
    assert.equal(bytesOf(logs(json)).length, wanted, String(length));
  }
});

const BROKEN: Record<string, string | Uint8Array> = {
  'text after the end': '{}{}',
  'white space alone': ' ',
  'an array at the top': '[]',
  'a missing colon': '{"a" 1}',
  'a trailing comma': '{"a":1,}',
  'an object that is not closed': '{"resourceLogs":[',
  'a bad escape': logs('{"severityText":"\\x"}'),
  'a bad unicode escape': logs('{"severityText":"\\u12g4"}'),
  'a control character in a string': logs('{"severityText":"\n"}'),
  'a number with a leading zero in an unknown field': '{"a":01}',
  'a number without digits after its point': '{"a":1.}',
  'a string where an object must be': '{"resourceLogs":["x"]}',
  'an object where a list must be': '{"resourceLogs":{}}',
  'bytes that are not UTF-8': Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]),
  'a surrogate written as UTF-8': Buffer.concat([
    Buffer.from('{"a":"'),
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from('"}'),
  ]),
};
for (const [what, json] of Object.entries(BROKEN)) {
  test(`${what} is refused with its place`, () => {
    assert.match(messageOf(json), /at byte \d+$/);
  });
}

test('nesting ends at 128, in known and unknown fields', () => {
  assert.match(messageOf(`{"a":${'['.repeat(100_000)}`), /nested deeper than 128/);
  assert.match(
    messageOf(logs(`{"body":${'{"arrayValue":{"values":['.repeat(5000)}`)),
    /nested deeper than 128/,
  );
  assert.equal(bytesOf(`{"a":${'['.repeat(127)}${']'.repeat(127)}}`).length, 0);
});
