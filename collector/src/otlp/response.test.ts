import assert from 'node:assert/strict';
import { test } from 'node:test';
import protobuf from 'protobufjs';
import { encodeExportResponse, encodeStatus } from './response.ts';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message BadRequest { repeated FieldViolation field_violations = 1; }
  message FieldViolation { string field = 1; string description = 2; }
  message RetryInfo { Duration retry_delay = 1; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message Response { PartialSuccess partial_success = 1; }
  message PartialSuccess { int64 rejected = 1; string error_message = 2; }
`);
const decode = (name: string, bytes: Uint8Array) => {
  const type = root.lookupType(name);
  return type.toObject(type.decode(Uint8Array.from(bytes)), { longs: String });
};
const json = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());

test('full success is an empty message in both forms', () => {
  for (const signal of ['traces', 'metrics', 'logs'] as const) {
    assert.equal(encodeExportResponse(signal, { rejected: 0, message: '' }, 'protobuf').length, 0);
    assert.deepEqual(json(encodeExportResponse(signal, { rejected: 0, message: '' }, 'json')), {});
  }
});

test('rejected items are counted under the name of their signal, as text in JSON', () => {
  const reply = { rejected: 300, message: 'why' };
  assert.deepEqual(decode('Response', encodeExportResponse('traces', reply, 'protobuf')), {
    partialSuccess: { rejected: '300', errorMessage: 'why' },
  });
  const names = {
    traces: 'rejectedSpans',
    metrics: 'rejectedDataPoints',
    logs: 'rejectedLogRecords',
  } as const;
  for (const [signal, name] of Object.entries(names)) {
    assert.deepEqual(json(encodeExportResponse(signal as keyof typeof names, reply, 'json')), {
      partialSuccess: { [name]: '300', errorMessage: 'why' },
    });
  }
});

test('a warning without rejected items is a partial success of zero', () => {
  const bytes = encodeExportResponse('logs', { rejected: 0, message: 'redacted' }, 'protobuf');
  assert.deepEqual(decode('Response', bytes), { partialSuccess: { errorMessage: 'redacted' } });
});

test('messages are cut to 1 KiB, never inside a character', () => {
  const message = `x${'\u00e9'.repeat(2000)}`;
  const cut = json(encodeStatus({ code: 13, message }, 'json')).message as string;
  assert.equal(Buffer.byteLength(cut), 1023);
  assert.ok(message.startsWith(cut));
  const partial = decode('Response', encodeExportResponse('logs', { rejected: 1, message }, 'protobuf'));
  assert.equal(partial.partialSuccess.errorMessage, cut);
});

test('a status of INVALID_ARGUMENT carries a BadRequest', () => {
  const status = { code: 3, message: 'field is cut off at byte 7' };
  const decoded = decode('Status', encodeStatus(status, 'protobuf'));
  assert.deepEqual([decoded.code, decoded.message], [3, status.message]);
  assert.equal(
    decoded.details[0].type_url ?? decoded.details[0].typeUrl,
    'type.googleapis.com/google.rpc.BadRequest',
  );
  assert.deepEqual(decode('BadRequest', decoded.details[0].value), {
    fieldViolations: [{ description: status.message }],
  });
  assert.deepEqual(json(encodeStatus(status, 'json')).details, [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ description: status.message }],
    },
  ]);
});

test('a wait becomes a RetryInfo in whole seconds', () => {
  const status = { code: 14, message: 'full', retryAfterSeconds: 29.2 };
  const decoded = decode('Status', encodeStatus(status, 'protobuf'));
  assert.deepEqual(decode('RetryInfo', decoded.details[0].value), { retryDelay: { seconds: '30' } });
  assert.deepEqual(json(encodeStatus(status, 'json')).details, [
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '30s' },
  ]);
  assert.equal(json(encodeStatus({ code: 14, message: 'full' }, 'json')).details, undefined);
});
