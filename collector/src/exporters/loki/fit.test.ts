import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAs, encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { fitForLoki } from './fit.ts';
import { LOKI_LIMITS } from './fit-limits.ts';

const NAME = 'ExportLogsServiceRequest';
const MIB = 1024 * 1024;
const KIB = 1024;

const text = (key: string, stringValue: string): Plain => ({ key, value: { stringValue } });
const size = (value: unknown) => Buffer.byteLength(value as string);

interface Log extends Plain {
  attributes: { key: string; value: Plain }[];
  body: { stringValue: string };
}

function requestOf(logRecords: Plain[], resource: Plain[] = [], scope: Plain = {}): Uint8Array {
  const plain = {
    resourceLogs: [{ resource: { attributes: resource }, scopeLogs: [{ scope, logRecords }] }],
  };
  return encodeAs(NAME, plain);
}

/** Fits it with the limits of the stack and takes the answer apart. */
function fitted(payload: Uint8Array) {
  const { moved, payload: bytes, trimmed } = fitForLoki(payload, LOKI_LIMITS);
  const [group] = decodeAs(NAME, bytes).resourceLogs as [
    {
      resource: { attributes: Plain[] };
      scopeLogs: [{ scope: { name: string; attributes: Plain[] }; logRecords: Log[] }];
    },
  ];
  const [{ logRecords, scope }] = group.scopeLogs;
  return {
    isSame: bytes === payload,
    trimmed,
    moved,
    resource: group.resource.attributes,
    scope,
    logRecords,
    log: logRecords[0]!,
  };
}

/** A character and the digits of the mark may leave a few bytes unused. */
const isJustBelow = (bytes: number, limit: number) => bytes > limit - 10 && bytes <= limit;

const attributeOf = (attributes: Plain[], key: string) =>
  attributes.find((each) => each.key === key)?.value as
    | { stringValue: string; boolValue: boolean }
    | undefined;

const TRIMMED = { key: 'signalbox.trimmed', value: { boolValue: true } };
const MOVED = { key: 'signalbox.moved', value: { boolValue: true } };

test('a line of just the limit stays, one byte more is cut and says by how much', () => {
  assert.ok(fitted(requestOf([{ body: { stringValue: 'x'.repeat(MIB) } }])).isSame);
  const { log, moved, trimmed } = fitted(requestOf([{ body: { stringValue: 'x'.repeat(MIB + 1) } }]));
  assert.deepEqual({ trimmed, moved }, { trimmed: 1, moved: 0 });
  assert.deepEqual(log.attributes, [TRIMMED]);
  assert.ok(isJustBelow(size(log.body.stringValue), MIB));
  const [, kept, cut] = /^(x+) \[signalbox: (\d+) bytes cut\]$/.exec(log.body.stringValue)!;
  assert.equal(kept!.length + Number(cut), MIB + 1);
});

test('a cut never goes through a character', () => {
  for (const character of ['\u00e9', '\u4e2d', '\ud83d\ude00']) {
    const line = fitted(requestOf([{ body: { stringValue: `x${character.repeat(MIB)}` } }])).log.body
      .stringValue;
    assert.ok(isJustBelow(size(line), MIB));
    assert.match(line, new RegExp(`^x(${character})+ \\[signalbox: \\d+ bytes cut\\]$`));
  }
});

test('a map or list that is too long becomes JSON that is cut', () => {
  const values = Array.from({ length: 3 }, () => ({ stringValue: 'y'.repeat(MIB / 2) }));
  const { log, trimmed } = fitted(requestOf([{ body: { arrayValue: { values } } }]));
  assert.equal(trimmed, 1);
  assert.match(log.body.stringValue, /^\["y+","y+ \[signalbox: \d+ bytes cut\]$/);
});

test('the largest attributes go into the line, and nothing is missing', () => {
  const prompt = `"quoted"\n${'p'.repeat(200 * KIB)}`;
  const answer = 'a'.repeat(100 * KIB);
  const attributes = [text('gen_ai.answer', answer), text('user', 'eve'), text('gen_ai.prompt', prompt)];
  const { log, moved, trimmed } = fitted(requestOf([{ body: { stringValue: 'chat' }, attributes }]));
  assert.deepEqual({ trimmed, moved }, { trimmed: 0, moved: 1 });
  assert.deepEqual(log.attributes, [attributes[0], attributes[1], MOVED]);
  const [, json] = /^chat (.*)$/.exec(log.body.stringValue)!;
  assert.deepEqual(JSON.parse(json!), { 'signalbox.moved': { 'gen_ai.prompt': prompt } });
});

test('without a body the line is the JSON alone', () => {
  const attributes = [text('a', 'x'.repeat(300 * KIB)), { key: 'n', value: { intValue: '7' } }];
  const { log } = fitted(requestOf([{ attributes }]));
  assert.deepEqual(JSON.parse(log.body.stringValue), { 'signalbox.moved': { a: 'x'.repeat(300 * KIB) } });
});

test('attributes that the line has no room for share what is left, and the small ones stay whole', () => {
  const attributes = ['a', 'b', 'c'].map((key) => text(key, key.repeat(MIB)));
  const { log, trimmed } = fitted(
    requestOf([
      { body: { stringValue: 'chat' }, attributes: [...attributes, text('d', 'd'.repeat(257 * KIB))] },
    ]),
  );
  assert.equal(trimmed, 1);
  assert.deepEqual(log.attributes, [TRIMMED, MOVED]);
  assert.ok(size(log.body.stringValue) <= MIB && size(log.body.stringValue) > MIB - 200);
  const inLine = JSON.parse(log.body.stringValue.slice('chat '.length))['signalbox.moved'] as Record<
    string,
    string
  >;
  assert.deepEqual(Object.keys(inLine).sort(), ['a', 'b', 'c', 'd']);
  for (const key of ['a', 'b', 'c', 'd'] as const) {
    assert.ok(size(inLine[key]) > 255 * KIB && size(inLine[key]) < 257 * KIB);
    assert.match(inLine[key]!, /[abcd]+ \[signalbox: \d+ bytes cut\]$/);
  }
});

test('a long body leaves a quarter of the line to what is moved', () => {
  const log = { body: { stringValue: 'x'.repeat(2 * MIB) }, attributes: [text('a', 'y'.repeat(2 * MIB))] };
  const { log: after } = fitted(requestOf([log]));
  const [, body, json] = /^(x+) \[signalbox: \d+ bytes cut\] (.*)$/.exec(after.body.stringValue)!;
  assert.ok(body!.length > MIB / 2);
  const { a } = JSON.parse(json!)['signalbox.moved'];
  assert.ok(size(a) > MIB / 4 - 100);
});

test('of more attributes than Loki counts as many stay as it takes', () => {
  const attributes = Array.from({ length: 600 }, (_, at) => ({
    key: `k${at}`,
    value: { intValue: String(at) },
  }));
  const { log, moved, trimmed } = fitted(
    requestOf([{ body: { stringValue: 'many' }, severityNumber: 9, attributes }]),
  );
  assert.deepEqual({ trimmed, moved }, { trimmed: 0, moved: 1 });
  const inLine = JSON.parse(log.body.stringValue.slice('many '.length))['signalbox.moved'];
  // 512 less one for the severity and two for our marks.
  assert.equal(log.attributes.length - 1, 509);
  assert.equal(Object.keys(inLine).length, 600 - 509);
  for (const { key, value } of attributes) {
    assert.equal(
      String(inLine[key] ?? log.attributes.find((each) => each.key === key)?.value.intValue),
      value.intValue,
    );
  }
});

test('a hostile number of attributes is counted, not kept', () => {
  const attributes = Array.from({ length: 50_000 }, () => ({ key: 'k', value: { stringValue: 'v' } }));
  const { log, trimmed } = fitted(requestOf([{ attributes }]));
  assert.equal(trimmed, 1);
  assert.match(log.body.stringValue, /^\{"signalbox.moved":\{("k":"v",)+"signalbox.left_out":45904\}\}$/);
});

test('a resource that is too large for every line is cut, and each of its lines says so', () => {
  const resource = [
    text('service.name', 'shop'),
    text('argv', 'z'.repeat(400 * KIB)),
    text('host.name', 'web-1'),
  ];
  const logs = [{ body: { stringValue: 'one' } }, { body: { stringValue: 'two' } }];
  const { logRecords, resource: after, trimmed } = fitted(requestOf(logs, resource));
  assert.equal(trimmed, 2);
  assert.deepEqual(after.slice(0, 2), [resource[0], resource[2]]);
  const { argv } = JSON.parse(attributeOf(after, 'signalbox.moved.resource')!.stringValue);
  assert.match(argv, /^z+ \[signalbox: \d+ bytes cut\]$/);
  assert.ok(size(argv) > 250 * KIB);
  assert.deepEqual(
    logRecords.map(({ attributes }) => attributes),
    [[TRIMMED], [TRIMMED]],
  );
  assert.deepEqual(
    logRecords.map(({ body }) => body.stringValue),
    ['one', 'two'],
  );
});

test('a scope that is too large is cut: its name, and what its attributes have no room for', () => {
  const scope = {
    name: 'n'.repeat(300 * KIB),
    attributes: [text('s', 's'.repeat(300 * KIB)), text('small', 'x')],
  };
  const { scope: after, trimmed } = fitted(requestOf([{ body: { stringValue: 'x' } }], [], scope));
  assert.equal(trimmed, 1);
  assert.match(after.name, /^n+ \[signalbox: \d+ bytes cut\]$/);
  assert.deepEqual(after.attributes[0], scope.attributes[1]);
  assert.match(
    attributeOf(after.attributes, 'signalbox.moved.scope')!.stringValue,
    /^\{"s":"s+ \[signalbox: \d+ bytes cut\]"\}$/,
  );
});

test('a severity text that fills the metadata is cut', () => {
  const { log, trimmed } = fitted(
    requestOf([{ severityText: 'E'.repeat(300 * KIB), attributes: [text('a', 'b')] }]),
  );
  assert.equal(trimmed, 1);
  assert.match(log.severityText as string, /^E+ \[signalbox: \d+ bytes cut\]$/);
  assert.deepEqual(log.attributes, [text('a', 'b'), TRIMMED]);
});

test('labels: too long is cut, U+FFFD is a question mark, and an empty service name stays', () => {
  const long = fitted(requestOf([{}], [text('service.name', 's'.repeat(2049))]));
  const name = attributeOf(long.resource, 'service.name')!.stringValue;
  assert.ok(isJustBelow(size(name), 2048));
  assert.match(name, /^s+ \[signalbox: \d+ bytes cut\]$/);
  assert.equal(long.trimmed, 1);
  assert.ok(fitted(requestOf([{}], [text('service.name', 's'.repeat(2048))])).isSame);
  const broken = fitted(requestOf([{}], [text('service.name', 'caf\ufffd')]));
  assert.equal(attributeOf(broken.resource, 'service.name')!.stringValue, 'caf?');
  assert.equal(broken.trimmed, 1);
  assert.ok(fitted(requestOf([{}], [text('service.name', '')])).isSame);
});

test('a stream that would have no label gets its service name once more', () => {
  const twice = [text('service.name', 'shop'), text('service.name', '')];
  const { moved, resource } = fitted(requestOf([{}], twice));
  assert.deepEqual(resource, [...twice, text('service.name', 'shop')]);
  assert.equal(moved, 1);
});

test('names that Loki has not, ids of a wrong length and numbers that JSON has not are in the line', () => {
  const nan = { doubleValue: Number.NaN };
  const { log, moved, trimmed } = fitted(
    requestOf([
      {
        body: { stringValue: 'odd' },
        traceId: Buffer.from('abcdef', 'hex'),
        spanId: Buffer.alloc(8, 1),
        attributes: [
          text('\u7528\u6237', 'eve'),
          text('', 'no name'),
          { key: 'list', value: { arrayValue: { values: [{ intValue: '1' }, nan] } } },
          { key: 'ratio', value: nan },
        ],
      },
    ]),
  );
  assert.deepEqual({ trimmed, moved }, { trimmed: 0, moved: 1 });
  assert.deepEqual(
    log.attributes.map(({ key }) => key),
    ['ratio', 'signalbox.moved'],
  );
  assert.deepEqual([log.traceId, Buffer.from(log.spanId as number[]).toString('hex')], [[], '01'.repeat(8)]);
  assert.deepEqual(JSON.parse(log.body.stringValue.slice('odd '.length))['signalbox.moved'], {
    '\u7528\u6237': 'eve',
    '': 'no name',
    list: [1, { $double: 'NaN' }],
    trace_id: 'abcdef',
  });
});

test('a body that Loki would empty becomes text', () => {
  const body = {
    kvlistValue: { values: [{ key: 'ratio', value: { doubleValue: Number.POSITIVE_INFINITY } }] },
  };
  const { log, moved } = fitted(requestOf([{ body }]));
  assert.equal(log.body.stringValue, '{"ratio":{"$double":"Infinity"}}');
  assert.equal(moved, 1);
});

test('what fits beside what does not stays byte for byte', () => {
  const good = {
    timeUnixNano: '1764000000000000000',
    body: { stringValue: 'good' },
    attributes: [text('k', 'v')],
  };
  const long = { body: { stringValue: 'x'.repeat(MIB + 1) } };
  const resource = [text('service.name', 'shop'), text('host.name', 'web-1')];
  const payload = fitForLoki(requestOf([good, long, good], resource), LOKI_LIMITS).payload;
  const record = Buffer.from(encodeAs('LogRecord', good));
  const parts = Buffer.from(payload).toString('latin1').split(record.toString('latin1'));
  assert.equal(parts.length, 3);
  assert.ok(
    parts[0]!.includes(Buffer.from(encodeAs('Resource', { attributes: resource })).toString('latin1')),
  );
});
