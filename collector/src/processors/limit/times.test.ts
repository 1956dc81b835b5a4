import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signal } from '#core/signal.ts';
import type { MessageName } from '#otlp/schema.ts';
import { decodeAs, encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { limitConfig, limited, noted, RECEIVED } from './testing/limited.ts';
import { timeEdits } from './times.ts';

const SECOND = 1_000_000_000n;
const DAY = 86_400n * SECOND;
const FUTURE = RECEIVED + 800n * DAY;
const PAST = RECEIVED - 800n * DAY;
const SHAPES: Record<Signal, [MessageName, string, string, string]> = {
  traces: ['ExportTraceServiceRequest', 'resourceSpans', 'scopeSpans', 'spans'],
  logs: ['ExportLogsServiceRequest', 'resourceLogs', 'scopeLogs', 'logRecords'],
  metrics: ['ExportMetricsServiceRequest', 'resourceMetrics', 'scopeMetrics', 'metrics'],
};

function request(signal: Signal, items: Plain[]): Uint8Array {
  const [name, groups, scopes, list] = SHAPES[signal];
  return encodeAs(name, { [groups]: [{ [scopes]: [{ [list]: items }] }] });
}

function items(signal: Signal, bytes: Uint8Array): Plain[] {
  const [name, groups, scopes, list] = SHAPES[signal];
  const [group] = decodeAs(name, bytes)[groups] as Plain[];
  return (group![scopes] as Plain[])[0]![list] as Plain[];
}

function once(signal: Signal, item: Plain, config = limitConfig()) {
  const first = limited(signal, request(signal, [item]), config);
  assert.equal(limited(signal, first.bytes, config).changes, 0);
  return { ...first, item: items(signal, first.bytes)[0]! };
}

const originals = (item: Plain) =>
  Object.fromEntries(
    (item.attributes as Plain[]).map(({ key, value }) => [key, (value as Plain).stringValue as string]),
  );
const span = (start: bigint, end: bigint, extra: Plain = {}): Plain => ({
  traceId: Buffer.alloc(16, 1),
  spanId: Buffer.alloc(8, 2),
  startTimeUnixNano: String(start),
  endTimeUnixNano: String(end),
  ...extra,
});
const timesOf = ({ startTimeUnixNano, endTimeUnixNano }: Plain) => [
  BigInt(startTimeUnixNano as string),
  BigInt(endTimeUnixNano as string),
];

test('a span that is far off is shifted as a whole and tells where it was', () => {
  for (const start of [FUTURE, PAST, 5n * SECOND]) {
    const { counts, item, note } = once('traces', span(start, start + 7n));
    assert.deepEqual(timesOf(item), [RECEIVED - 7n, RECEIVED]);
    assert.deepEqual(originals(item), {
      'signalbox.original_time_unix_nano': String(start),
      'signalbox.original_end_time_unix_nano': String(start + 7n),
    });
    assert.deepEqual(counts, { time: 2 });
    assert.equal(note, new Date(Number(start / 1_000_000n)).toISOString());
  }
});

test('the end is never before the start, and a duration that cannot be is given up', () => {
  const cases: [bigint, bigint, bigint, bigint][] = [
    [FUTURE, FUTURE - 5n, RECEIVED, RECEIVED],
    [PAST, FUTURE, RECEIVED, RECEIVED],
    [RECEIVED - 9n, FUTURE, RECEIVED - 9n, RECEIVED],
    [RECEIVED + 9n, PAST, RECEIVED + 9n, RECEIVED + 9n],
    [PAST, RECEIVED - 9n, RECEIVED - 9n, RECEIVED - 9n],
    [FUTURE, RECEIVED + 9n, RECEIVED, RECEIVED + 9n],
    [0n, FUTURE, 0n, RECEIVED],
    [FUTURE, 0n, RECEIVED, 0n],
    [2n ** 64n - 1n, 2n ** 64n - 1n, RECEIVED, RECEIVED],
  ];
  for (const [start, end, wantedStart, wantedEnd] of cases)
    assert.deepEqual(timesOf(once('traces', span(start, end)).item), [wantedStart, wantedEnd]);
});

test('times within the limits, unknown ones and those without a limit stay', () => {
  const near = [span(RECEIVED - 300n * DAY, RECEIVED), span(0n, 0n), span(RECEIVED, RECEIVED + DAY)];
  for (const item of near) assert.equal(once('traces', item).changes, 0);
  const free = limitConfig({ max_past_days: 0, max_future_days: 0 });
  assert.equal(once('traces', span(1n << 33n, FUTURE), free).changes, 0);
});

test('each time of a log record is judged alone', () => {
  const sent = {
    timeUnixNano: String(PAST),
    observedTimeUnixNano: String(RECEIVED - 5n),
    body: { intValue: '1' },
  };
  const { counts, item } = once('logs', sent);
  assert.deepEqual([item.timeUnixNano, item.observedTimeUnixNano], [String(RECEIVED), String(RECEIVED - 5n)]);
  assert.deepEqual(originals(item), { 'signalbox.original_time_unix_nano': String(PAST) });
  assert.deepEqual(counts, { time: 1 });
});

test('a data point is written over in place and gets no attribute', () => {
  const point = {
    startTimeUnixNano: String(FUTURE - 60n * SECOND),
    timeUnixNano: String(FUTURE),
    asInt: '1',
  };
  const { bytes, item } = once('metrics', { name: 'm', sum: { dataPoints: [point] } });
  const [after] = (item.sum as Plain).dataPoints as Plain[];
  assert.equal(after!.timeUnixNano, String(RECEIVED));
  assert.equal(after!.startTimeUnixNano, String(RECEIVED - 60n * SECOND));
  assert.deepEqual(after!.attributes, []);
  assert.equal(bytes.length, request('metrics', [{ name: 'm', sum: { dataPoints: [point] } }]).length);
});

test('the original stays through a crowd of attributes, and is kept once', () => {
  const attributes = Array.from({ length: 300 }, (_, index) => ({
    key: `k${index}`,
    value: { intValue: '1' },
  }));
  const { counts, item } = once('traces', span(FUTURE, FUTURE, { attributes }));
  assert.deepEqual(counts, { attributes: 44, time: 2 });
  assert.equal((item.attributes as Plain[]).length, 258);
  const known = [{ key: 'signalbox.original_time_unix_nano', value: { stringValue: '1' } }];
  const again = once('traces', span(FUTURE, FUTURE, { attributes: known }));
  assert.equal(originals(again.item)['signalbox.original_time_unix_nano'], '1');
  assert.equal((again.item.attributes as Plain[]).length, 2);
});

test('of many records with a wrong clock few keep the original, and the rest costs little', () => {
  const config = limitConfig();
  const logRecords = new Array<Plain>(200_000).fill({ timeUnixNano: String(PAST) });
  const bytes = request('logs', logRecords);
  const { spots } = noted('logs', bytes, config);
  const { counts, edits, inPlace } = timeEdits(bytes, spots, {
    signal: 'logs',
    receivedUnixNano: RECEIVED,
    config,
  });
  assert.deepEqual([edits.length, inPlace.length / 2, counts.time], [10_000, 190_000, 200_000]);
});
