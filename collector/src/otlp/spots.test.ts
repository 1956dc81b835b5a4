import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signal } from '#core/signal.ts';
import { checkRequest } from './check.ts';
import type { Interest } from './interest.ts';
import { createKeyClasses } from './key-classes.ts';
import { CROWD, SPOT, SPOT_STRIDE, type Spots } from './spots.ts';
import { encodeAs, type Plain, REQUEST_NAMES } from './testing/reference.ts';

const WANTED = 'secret';

/** Notes texts that hold the word `secret`, and attributes whose key is `keyed`. */
function interestWith(overrides: Partial<Interest> = {}): Interest {
  return {
    keys: createKeyClasses((key) => ({ keyed: 7, exempt: 1 })[key] ?? 0),
    events: createKeyClasses((name) => (name === 'wanted' ? 9 : 0)),
    scan: {
      sawHigh: true,
      isSpot: (bytes, start, end) => Buffer.from(bytes.subarray(start, end)).includes(WANTED),
    },
    maxValueBytes: 1000,
    maxDepth: 3,
    maxMembers: Object.values(CROWD).map(() => 5),
    maxMessageBytes: Object.values(CROWD).map(() => 100_000),
    minTimeHigh: 100,
    maxTimeHigh: 2 ** 31,
    minIntegerBytes: 6,
    ...overrides,
  };
}

function check(signal: Signal, request: Plain, overrides: Partial<Interest> = {}) {
  const bytes = encodeAs(REQUEST_NAMES[signal], request);
  const checked = checkRequest(signal, bytes, { interest: interestWith(overrides) });
  assert.ok(checked.ok);
  return checked;
}

interface Spot {
  kind: number;
  text: string;
  key: string;
  spotClass: number;
  item: number;
}

function list(bytes: Uint8Array, spots: Spots): Spot[] {
  const textAt = (start: number, end: number) => Buffer.from(bytes.subarray(start, end)).toString('latin1');
  return Array.from({ length: spots.length / SPOT_STRIDE }, (_, index) => {
    const [kind, , start, end, keyStart, keyEnd, spotClass, item] = spots.slice(
      index * SPOT_STRIDE,
      (index + 1) * SPOT_STRIDE,
    );
    const key = keyStart! < 0 ? '' : textAt(keyStart!, keyEnd!);
    return { kind: kind!, text: textAt(start!, end!), key, spotClass: spotClass!, item: item! };
  });
}

const span = (fields: Plain): Plain => ({
  traceId: Buffer.alloc(16, 1),
  spanId: Buffer.alloc(8, 1),
  startTimeUnixNano: '1764000000000000000',
  endTimeUnixNano: '1764000000000000001',
  ...fields,
});
const spans = (...list: Plain[]): Plain => ({ resourceSpans: [{ scopeSpans: [{ spans: list }] }] });
const text = (key: string, value: string): Plain => ({ key, value: { stringValue: value } });

test('texts are noted with their key, wherever they are', () => {
  const nested = {
    kvlistValue: { values: [text('inner', 'a secret'), { key: 'n', value: { intValue: '1' } }] },
  };
  const request = spans(
    span({
      name: 'a secret name',
      attributes: [text('plain', 'nothing'), text('one', 'one secret'), { key: 'outer', value: nested }],
      events: [{ name: 'event', attributes: [text('two', 'two secrets')] }],
      status: { message: 'secret status' },
    }),
  );
  const { bytes, spots } = check('traces', request);
  assert.deepEqual(
    list(bytes, spots).map(({ key, kind, text: found }) => [kind, key, found]),
    [
      [SPOT.text, '', 'a secret name'],
      [SPOT.text, 'one', 'one secret'],
      [SPOT.text, 'inner', 'a secret'],
      [SPOT.text, 'two', 'two secrets'],
      [SPOT.text, '', 'secret status'],
    ],
  );
  assert.ok(list(bytes, spots).every(({ item }) => item > 0));
});

test('an element behind a list with keys of its own has the outer key again', () => {
  const inner = { kvlistValue: { values: [text('inner', 'x')] } };
  const value = { arrayValue: { values: [inner, { stringValue: 'late secret' }] } };
  const { bytes, spots } = check('logs', {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes: [{ key: 'outer', value }] }] }] }],
  });
  assert.deepEqual(
    list(bytes, spots).map(({ key }) => key),
    ['outer'],
  );
});

test('keys and names of events with a class are noted; texts of exempt keys are not', () => {
  const request = spans(
    span({
      attributes: [
        text('keyed', 'x'),
        text('exempt', 'a secret'),
        { key: 'keyed', value: { intValue: '5' } },
      ],
      events: [{ name: 'wanted' }, { name: 'other' }],
    }),
  );
  const found = list(...bytesAndSpots(check('traces', request)));
  assert.deepEqual(
    found.map(({ kind, spotClass }) => [kind, spotClass]),
    [
      [SPOT.keyed, 7],
      [SPOT.keyed, 7],
      [SPOT.event, 9],
    ],
  );
});

function bytesAndSpots(checked: { bytes: Uint8Array; spots: Spots }): [Uint8Array, Spots] {
  return [checked.bytes, checked.spots];
}

test('a key that comes behind its value counts all the same', () => {
  const value = encodeAs('AnyValue', { stringValue: 'hidden' });
  const keyValue = Buffer.concat([Buffer.from([0x12, value.length]), value, Buffer.from('\x0a\x05keyed')]);
  const record = Buffer.concat([Buffer.from([0x32, keyValue.length]), keyValue]);
  const scope = Buffer.concat([Buffer.from([0x12, record.length]), record]);
  const group = Buffer.concat([Buffer.from([0x12, scope.length]), scope]);
  const bytes = Buffer.concat([Buffer.from([0x0a, group.length]), group]);
  const checked = checkRequest('logs', bytes, { interest: interestWith() });
  assert.ok(checked.ok);
  assert.deepEqual(
    list(checked.bytes, checked.spots).map(({ kind, spotClass }) => [kind, spotClass]),
    [[SPOT.keyed, 7]],
  );
});

test('long texts and values, deep values, crowds, large integers, bytes and far-off times are noted', () => {
  const deep = (levels: number): Plain =>
    levels === 0 ? { boolValue: true } : { arrayValue: { values: [deep(levels - 1)] } };
  const cases: [number, Plain][] = [
    [SPOT.text, span({ name: 'x'.repeat(1001) })],
    [SPOT.large, span({ attributes: [{ key: 'l', value: { bytesValue: Buffer.alloc(1001) } }] })],
    [SPOT.deep, span({ attributes: [{ key: 'd', value: deep(5) }] })],
    [SPOT.crowd, span({ attributes: Array.from({ length: 6 }, () => text('k', 'v')) })],
    [SPOT.crowd, span({ links: Array.from({ length: 6 }, () => ({})) })],
    [SPOT.integer, span({ attributes: [{ key: 'i', value: { intValue: '4111111111111111' } }] })],
    [SPOT.bytes, span({ attributes: [{ key: 'b', value: { bytesValue: Buffer.from('a secret') } }] })],
    [SPOT.time, span({ startTimeUnixNano: '1764000000' })],
    [SPOT.time, span({ endTimeUnixNano: '18446744073709551615' })],
  ];
  for (const [kind, each] of cases) {
    const kinds = list(...bytesAndSpots(check('traces', spans(each)))).map((spot) => spot.kind);
    assert.ok(kinds.includes(kind), `${kind} in ${kinds} of ${JSON.stringify(each).slice(0, 80)}`);
  }
  assert.deepEqual(
    check('traces', spans(span({ attributes: [text('a', 'b')], startTimeUnixNano: '0' }))).spots,
    [],
  );
});

test('offsets are those of the bytes that are left when items were refused', () => {
  const request = {
    resourceSpans: [
      {
        scopeSpans: [
          { spans: [span({ traceId: Buffer.alloc(3, 1), name: 'bad secret' }), span({ name: 'my secret' })] },
        ],
      },
      { scopeSpans: [{ spans: [span({ name: 'second secret' })] }] },
    ],
  };
  const checked = check('traces', request);
  assert.equal(checked.rejected, 1);
  assert.deepEqual(
    list(checked.bytes, checked.spots).map((spot) => spot.text),
    ['my secret', 'second secret'],
  );
  assert.equal(checked.groups.length, 2);
  assert.ok(checked.groups.every((at) => checked.bytes[at] === 0x0a));
});

test('keys are told apart whatever their bytes, also when more come than are remembered', () => {
  const asked: string[] = [];
  const classes = createKeyClasses((key) => {
    asked.push(key);
    return key.length;
  });
  const keys = Array.from({ length: 30_000 }, (_, i) => `key.${i}`);
  const attributes = keys.map((key) => text(key, 'v'));
  const none = Object.values(CROWD).map(() => Number.POSITIVE_INFINITY);
  const { bytes, spots } = check('traces', spans(span({ attributes: [...attributes, ...attributes] })), {
    keys: classes,
    maxMembers: none,
    maxMessageBytes: none,
  });
  assert.equal(spots.length / SPOT_STRIDE, 60_000);
  for (const { key, spotClass } of list(bytes, spots)) assert.equal(spotClass, key.length);
  assert.ok(asked.length >= 30_000);
});
