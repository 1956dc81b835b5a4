import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servicesContract } from '#test/query-contract/services.ts';
import { openStoreBackend } from '#test/query-contract/store-backend.ts';
import { EPOCH, SECOND, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER, openTempStore } from '#test/support/temp-store.ts';

servicesContract(openStoreBackend);

const RANGE = { from: EPOCH, to: EPOCH + 100n * SECOND };

/** Spans of one service, one a second, none of them a root. */
function spansOf(service: string, count: number, more: { kind: number; name?: string; status?: number }) {
  return tracesPayload(
    { service },
    Array.from({ length: count }, (_, n) => ({
      trace: `${service.charCodeAt(0)}${n + 1}`.padStart(32, '0'),
      span: `${n + 1}`.padStart(16, '0'),
      parent: 'ffffffffffffffff',
      name: 'GET /',
      start: EPOCH + BigInt(n) * SECOND,
      ...more,
    })),
  );
}

test('requests are server and consumer spans and roots of any kind; other spans only count as spans', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(
    spansOf('a', 4, { kind: 2 }),
    spansOf('a', 3, { kind: 5, name: 'orders process' }),
    spansOf('a', 9, { kind: 3, name: 'call', status: 2 }),
    spansOf('b', 5, { kind: 1 }),
    tracesPayload({ service: 'b' }, [{ trace: 'b'.repeat(32), span: 'c'.repeat(16), start: EPOCH, kind: 1 }]),
  );
  const { services } = await temp.query.services({ range: RANGE, service: null, points: 1 }, NEVER);
  assert.deepEqual(
    services.map(({ errors, requests: count, service, spans }) => ({ service, count, errors, spans })),
    [
      { service: 'a', count: 7, errors: 0, spans: 16 },
      { service: 'b', count: 1, errors: 0, spans: 6 },
    ],
  );
  const operations = services[0]!.operations.map(({ kind, operation, requests: count }) => [
    operation,
    kind,
    count,
  ]);
  assert.deepEqual(operations, [
    ['GET /', 'SERVER', 4],
    ['orders process', 'CONSUMER', 3],
  ]);
});
