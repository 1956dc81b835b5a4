import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeLogs, skewedServices } from './clock-skew.ts';
import { logOf, spanOf } from './span.fixture.ts';

const spans = [
  spanOf({ spanId: 'a', service: 'shop' }),
  spanOf({ spanId: 'b', service: 'payment', clockOffsetNano: -2_900 }),
  spanOf({ spanId: 'c', service: 'payment', clockOffsetNano: -3_000 }),
];

test('a service whose clock differs is named with its largest difference', () => {
  assert.deepEqual(skewedServices(spans), [{ service: 'payment', offsetNano: -3_000 }]);
  assert.deepEqual(skewedServices([spanOf({ spanId: 'a' })]), []);
});

test('logs move with their span, or with their service when the span is not here', () => {
  const logs = [
    logOf({ id: 'paid', service: 'payment', spanId: 'b', timeUnixNano: '4100' }),
    logOf({ id: 'loose', service: 'payment', timeUnixNano: '4050' }),
    logOf({ id: 'placed', spanId: 'a', timeUnixNano: '1100' }),
  ];
  assert.deepEqual(
    placeLogs(logs, spans, '1000').map(({ log, startNano }) => [log.id, startNano]),
    [
      ['loose', 50],
      ['placed', 100],
      ['paid', 200],
    ],
  );
});
