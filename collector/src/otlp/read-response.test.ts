import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNALS } from '#core/signal.ts';
import { readExportResponse, readStatusMessage } from './read-response.ts';
import { encodeExportResponse, encodeStatus } from './response.ts';

test('what was left out and why comes back as it was written', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SIGNALS),
      fc.nat({ max: 2 ** 31 }),
      fc.string({ maxLength: 50, unit: 'grapheme' }),
      (signal, rejected, message) => {
        const bytes = encodeExportResponse(signal, { rejected, message }, 'protobuf');
        assert.deepEqual(readExportResponse(bytes), { rejected, message });
      },
    ),
  );
});

test('an empty answer is full success', () => {
  assert.deepEqual(readExportResponse(new Uint8Array(0)), { rejected: 0, message: '' });
});

test('the message of a status is found beside its details', () => {
  const bytes = encodeStatus({ code: 3, message: 'no such thing', retryAfterSeconds: 3 }, 'protobuf');
  assert.equal(readStatusMessage(bytes), 'no such thing');
});

test('bytes that are something else never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      readExportResponse(bytes);
      assert.equal(typeof readStatusMessage(bytes), 'string');
    }),
  );
  assert.equal(readExportResponse(Buffer.from('<html>Bad Gateway</html>')), null);
  assert.equal(readStatusMessage(Buffer.from('<html>')), '');
});

test('a count below zero is none', () => {
  const minusOne = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
  assert.deepEqual(readExportResponse(Uint8Array.from([0x0a, 11, ...minusOne])), {
    rejected: 0,
    message: '',
  });
});
