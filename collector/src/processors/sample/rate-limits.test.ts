import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSelect } from './select.ts';
import {
  apply,
  configOf,
  gauge,
  logs,
  metrics,
  names,
  record,
  span,
  texts,
  traces,
} from './testing/requests.ts';
import { createTokenBuckets } from './token-buckets.ts';

function limited(...limits: object[]) {
  const clock = { ms: 1000 };
  const config = configOf({ rate_limits: limits });
  return { clock, select: createSelect(config, { random: () => 0, monotonicMs: () => clock.ms }) };
}

const records = (count: number, severity = 9) =>
  Array.from({ length: count }, (_, i) => record({ severity, text: `${severity}.${i}` }));

test('each service may send so many items a second, and a burst after a pause', () => {
  const { clock, select } = limited({ signal: 'logs', per_second: 2, burst: 3 });
  const kept = (count: number) => apply(select, 'logs', logs({ a: records(count) })).selection.kept;
  assert.equal(kept(5), 3);
  assert.equal(kept(5), 0);
  clock.ms += 500;
  assert.equal(kept(5), 1);
  clock.ms += 60_000;
  const { selection } = apply(select, 'logs', logs({ a: records(5), b: records(2) }));
  assert.equal(selection.kept, 5);
  assert.deepEqual(selection.dropped, [
    { reason: 'rate_limit', rule: 'rate_limits[0]', service: 'a', items: 2 },
  ]);
});

test('without a burst ten seconds may come at once', () => {
  const { select } = limited({ signal: 'metrics', per_second: 0.5 });
  const points = Array.from({ length: 8 }, () => ({}));
  assert.equal(apply(select, 'metrics', metrics({ a: [gauge('x', points)] })).selection.kept, 5);
});

test('the first limit that matches counts, by service and severity', () => {
  const { select } = limited(
    { signal: 'logs', service: 'free', per_second: 1e9 },
    { signal: 'logs', severity_at_most: 'info', per_second: 1, burst: 1 },
    { signal: 'traces', per_second: 1, burst: 1 },
  );
  const request = logs({ a: [...records(2, 9), ...records(2, 13), ...records(2, 0)], free: records(2, 5) });
  const { left } = apply(select, 'logs', request);
  assert.deepEqual(texts(left), ['9.0', '13.0', '13.1', '0.0', '0.1', '5.0', '5.1']);
});

test('the spans of a trace pass together or not at all', () => {
  const { clock, select } = limited({ signal: 'traces', per_second: 1, burst: 4 });
  const of = (trace: string, count: number) =>
    Array.from({ length: count }, (_, i) => span({ trace, id: String(i + 1), name: trace }));
  const request = traces({ a: [...of('1', 3), ...of('2', 2), ...of('3', 1), ...of('2', 1)] });
  assert.deepEqual(names(apply(select, 'traces', request).left), ['1', '1', '1', '3']);
  clock.ms += 4000;
  // Larger than the bucket: it passes when that is full, and the debt is paid off after.
  assert.equal(apply(select, 'traces', traces({ a: of('4', 6) })).selection.kept, 6);
  clock.ms += 2000;
  assert.equal(apply(select, 'traces', traces({ a: of('5', 1) })).selection.kept, 0);
  clock.ms += 1000;
  assert.equal(apply(select, 'traces', traces({ a: of('5', 1) })).selection.kept, 1);
});

test('no more than one burst is owed, however large the trace that passed', () => {
  const { clock, select } = limited({ signal: 'traces', per_second: 100 });
  const huge = Array.from({ length: 40_000 }, (_, i) => span({ trace: '1', id: (i + 1).toString(16) }));
  const kept = (spans: ReturnType<typeof span>[]) =>
    apply(select, 'traces', traces({ victim: spans })).selection.kept;
  assert.equal(kept(huge), 40_000);
  clock.ms += 10_000;
  assert.equal(kept([span({ trace: '2' })]), 0);
  clock.ms += 10;
  assert.equal(kept([span({ trace: '2' })]), 1);
  clock.ms += 9_990;
  assert.equal(kept(huge), 0, 'another such waits until the bucket is full');
  clock.ms += 10;
  assert.equal(kept(huge), 40_000);
});

test('a trace over several services passes when all of them may', () => {
  const { select } = limited({ signal: 'traces', service: 'a', per_second: 1, burst: 1 });
  const request = (trace: string) => traces({ a: [span({ trace })], b: [span({ trace })] });
  assert.equal(apply(select, 'traces', request('1')).selection.kept, 2);
  assert.equal(apply(select, 'traces', request('2')).selection.kept, 0);
});

test('what was dropped or sampled before takes no tokens', () => {
  const config = configOf({
    drop: [{ name: 'x', match: { x: '*' } }],
    logs: { rules: [{ severity_at_most: 'debug', ratio: 0 }] },
    rate_limits: [{ signal: 'logs', per_second: 1, burst: 1 }],
  });
  const select = createSelect(config, { random: () => 0, monotonicMs: () => 0 });
  const request = logs({
    a: [record({ attributes: { x: 1 } }), record({ severity: 5 }), record({ text: 'a' }), record({})],
  });
  const { left, selection } = apply(select, 'logs', request);
  assert.deepEqual(texts(left), ['a']);
  assert.deepEqual(
    selection.dropped.map(({ reason }) => reason),
    ['drop', 'sample', 'rate_limit'],
  );
});

test('a thousand services have buckets; the others share one until some are full again', () => {
  const buckets = createTokenBuckets({ perSecond: 1, burst: 2 });
  for (let i = 0; i < 3000; i++) buckets.take(buckets.bucketOf(`service ${i}`, 0), 1);
  assert.equal(buckets.size, 1000);
  assert.equal(buckets.bucketOf('service 2000', 0), buckets.bucketOf('service 2999', 0));
  assert.equal(buckets.hasRoom(buckets.bucketOf('service 2000', 0), 1), false);
  const late = buckets.bucketOf('service 2000', 5000);
  assert.equal(buckets.size, 1);
  assert.equal(buckets.hasRoom(late, 2), true);
});
