import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weightOf } from '#otlp/tracestate.ts';
import { createSelect } from './select.ts';
import {
  apply,
  attributeOf,
  configOf,
  itemsOf,
  logs,
  record,
  seeded,
  span,
  texts,
  traces,
} from './testing/requests.ts';

const HALF = '80000000000000';
const LOW = '7fffffffffffff';

function selectOf(section: object, random = () => 0.5) {
  return createSelect(configOf(section), { random, monotonicMs: () => 0 });
}

const thresholds = (left: Parameters<typeof itemsOf>[0]) =>
  itemsOf(left).map((item) => attributeOf(item, 'sampling.threshold'));

test('the first rule that matches a record counts', () => {
  const rules = [
    { name: 'chatty', service: 'a', severity_at_most: 'debug', ratio: 0 },
    { severity_at_most: 'info', ratio: 0.25 },
    { service: 'b', ratio: 0 },
  ];
  const select = selectOf({ logs: { rules } });
  const request = logs({
    a: [5, 8, 9, 13].map((severity) => record({ severity, text: `a${severity}` })),
    b: [record({ severity: 12, text: 'b12' }), record({ severity: 17, text: 'b17' }), record({ text: 'b' })],
    c: [record({ text: 'c' })],
  });
  const { left, selection } = apply(select, 'logs', request);
  assert.deepEqual(texts(left), ['a13', 'c'], 'a record without a severity is of no range');
  assert.deepEqual(
    selection.dropped.map(({ items, reason, rule, service }) => [reason, rule, service, items]),
    [
      ['sample', 'chatty', 'a', 2],
      ['sample', 'rules[1]', 'a', 1],
      ['sample', 'rules[1]', 'b', 1],
      ['sample', 'rules[2]', 'b', 2],
    ],
  );
});

test('a record of a trace goes by the randomness of the trace, and says by which threshold', () => {
  const select = selectOf({ logs: { rules: [{ ratio: 0.5 }] } }, () => assert.fail('asked for chance'));
  const request = logs({
    a: [record({ trace: HALF, text: 'in' }), record({ trace: LOW, text: 'out' })],
  });
  const { left } = apply(select, 'logs', request);
  assert.deepEqual(texts(left), ['in']);
  assert.deepEqual(thresholds(left), ['8']);
  assert.equal(attributeOf(itemsOf(left)[0]!, 'sampling.randomness'), undefined);
});

test('other records go by chance, and say by which', () => {
  for (const [random, kept] of [
    [0.4999999, 0],
    [0.5, 1],
  ] as const) {
    const select = selectOf({ logs: { rules: [{ ratio: 0.5 }] } }, () => random);
    const { left } = apply(select, 'logs', logs({ a: [record({})] }));
    assert.equal(itemsOf(left).length, kept);
    if (kept === 1) assert.equal(attributeOf(itemsOf(left)[0]!, 'sampling.randomness'), HALF);
  }
  const alone = selectOf({ logs: { rules: [{ ratio: 0.5 }], follow_traces: false } }, () => 0.75);
  const { left } = apply(alone, 'logs', logs({ a: [record({ trace: LOW })] }));
  assert.equal(attributeOf(itemsOf(left)[0]!, 'sampling.randomness'), 'c0000000000000');
});

test('what a record says of how it was sampled before is respected and replaced', () => {
  const select = selectOf({ logs: { rules: [{ ratio: 0.5 }] } });
  const said = (threshold: string | number, trace = 'f0000000000000') =>
    record({ trace, attributes: { a: 'b', 'sampling.threshold': threshold } });
  const request = logs({ a: [said('c'), said('4'), said('no'), said(7), said('4', LOW)] });
  const { left } = apply(select, 'logs', request);
  assert.deepEqual(thresholds(left), ['c', '8', '8', '8']);
  assert.ok(itemsOf(left).every((item) => attributeOf(item, 'a') === 'b'));
  const explicit = record({ trace: HALF, attributes: { 'sampling.randomness': LOW } });
  assert.equal(apply(select, 'logs', logs({ a: [explicit] })).selection.kept, 0);
});

test('a threshold above the randomness, or with none to check it by, keeps nothing and is not passed on', () => {
  const section = { logs: { rules: [{ ratio: 0.5 }] } };
  const highest = 'ffffffffffffff';
  const of = (randomness: string | null, trace?: string) =>
    record({
      attributes: {
        'sampling.threshold': highest,
        ...(randomness === null ? {} : { 'sampling.randomness': randomness }),
      },
      ...(trace === undefined ? {} : { trace }),
    });
  const all = [of(null), of(LOW), of(HALF), of(null, LOW), of(null, HALF), of(LOW, HALF), of(highest)];
  const by = (random: number, follow_traces = true) => {
    const logsSection = { ...section.logs, follow_traces };
    return thresholds(
      apply(
        selectOf({ logs: logsSection }, () => random),
        'logs',
        logs({ a: all }),
      ).left,
    );
  };
  assert.deepEqual(by(0), ['8', '8', highest]);
  assert.deepEqual(by(0.5), ['8', '8', '8', highest]);
  assert.deepEqual(by(0, false), ['8', highest]);
  const kept = selectOf(section);
  apply(kept, 'traces', traces({ b: [span({ trace: LOW, status: 2 })] }));
  const { left } = apply(kept, 'logs', logs({ a: [of(null, LOW)] }));
  assert.deepEqual(thresholds(left), [undefined]);
});

test('a threshold that a trace id bears out counts where records go by chance', () => {
  const select = selectOf({ logs: { rules: [{ ratio: 0.25 }], follow_traces: false } }, () => 0.5);
  const said = (threshold: string) =>
    record({ trace: HALF, attributes: { 'sampling.threshold': threshold } });
  const { left } = apply(select, 'logs', logs({ a: [said('8'), said('9')] }));
  assert.deepEqual(thresholds(left), ['c']);
  assert.equal(attributeOf(itemsOf(left)[0]!, 'sampling.randomness'), 'c0000000000000');
});

test('records without any field get their threshold too', () => {
  const select = selectOf({ logs: { rules: [{ ratio: 0.5 }] } });
  const { left } = apply(select, 'logs', logs({ a: [{}, {}], b: [{}] }));
  assert.deepEqual(thresholds(left), ['8', '8', '8']);
});

test('a trace id that is none is as good as none', () => {
  const select = selectOf({ logs: { rules: [{ ratio: 0.5 }] } }, () => 0.9);
  const odd = [Buffer.alloc(16), Buffer.alloc(3, 1)].map((traceId) => ({ ...record({}), traceId }));
  assert.equal(apply(select, 'logs', logs({ a: odd })).selection.kept, 2);
});

test('records of a trace that is kept are kept, with weight 1', () => {
  const section = { logs: { rules: [{ ratio: 0 }] } };
  const request = logs({ a: [record({ trace: '1', text: 'in' }), record({ trace: '2', text: 'out' })] });
  const seen = (extra: object) => {
    const select = selectOf({ ...section, ...extra });
    apply(select, 'traces', traces({ b: [span({ trace: '1', status: 2 }), span({ trace: '2' })] }));
    return apply(select, 'logs', request).left;
  };
  assert.deepEqual(texts(seen({})), ['in']);
  assert.deepEqual(thresholds(seen({})), [undefined]);
  assert.deepEqual(texts(seen({ logs: { rules: [{ ratio: 0 }], follow_traces: false } })), []);
});

test('by chance too, weights add up to the whole, also over a sampler before', () => {
  const random = seeded(7);
  const select = selectOf({ logs: { rules: [{ ratio: 0.1 }] } }, random);
  const count = 20_000;
  for (const [said, whole] of [
    [undefined, count],
    // Each of them stands for four.
    ['c', 4 * count],
  ] as const) {
    const before = () => ({
      'sampling.threshold': said,
      'sampling.randomness': (0xc0000000000000n + BigInt(Math.floor(random() * 2 ** 53)) * 2n).toString(16),
    });
    const attributes = () => (said === undefined ? {} : before());
    const request = logs({ a: Array.from({ length: count }, () => record({ attributes: attributes() })) });
    const { left } = apply(select, 'logs', request);
    const sum = thresholds(left).reduce((total, th) => total + weightOf(`ot=th:${th}`), 0);
    const weight = whole / count;
    const standardError = Math.sqrt(count * weight * weight * (10 / weight - 1));
    assert.ok(Math.abs(sum - whole) < 4 * standardError, `${sum} of ${whole}`);
    assert.ok(itemsOf(left).every((item) => attributeOf(item, 'sampling.threshold') === 'e666'));
  }
});
