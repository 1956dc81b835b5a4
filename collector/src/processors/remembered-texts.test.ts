import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import { processBytes, testProcessors } from './testing/process-request.ts';

/** All of one length, so that only their bytes tell them apart; the second and third hold something to be redacted. */
const TEXTS = [
  'order 4711 placed by a clerk',
  'mail jane.roe@example.org ok',
  'card 4111111111111111 is ok.',
  'größe der Bestellung: 12 kg',
];
const LONG = `${'quiet '.repeat(12)}mail`;
const KEYS = ['note', 'order.comment', 'http.route'];

function requestOf(attributes: readonly { key: string; value: string }[]): Uint8Array {
  const body = { stringValue: 'done' };
  const list = attributes.map(({ key, value }) => ({ key, value: { stringValue: value } }));
  const record = { body, attributes: list };
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] };
  const encoded = jsonToProtobuf('logs', Buffer.from(JSON.stringify(request)));
  assert.ok(encoded.ok);
  return encoded.bytes;
}

const attributes = fc.uniqueArray(
  fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom(...TEXTS, LONG) }),
  { selector: ({ key }) => key, maxLength: KEYS.length },
);

test('what was clean the last time is remembered, and nothing that differs from it passes unseen', () => {
  assert.equal(new Set(TEXTS.slice(0, 3).map(({ length }) => length)).size, 1);
  const lasting = testProcessors();
  fc.assert(
    fc.property(fc.array(attributes, { maxLength: 20 }), (requests) => {
      for (const each of requests) {
        const bytes = requestOf(each);
        const fresh = processBytes(testProcessors(), 'logs', bytes);
        assert.deepEqual(Buffer.from(processBytes(lasting, 'logs', bytes).bytes), Buffer.from(fresh.bytes));
      }
    }),
    { numRuns: 60 },
  );
});
