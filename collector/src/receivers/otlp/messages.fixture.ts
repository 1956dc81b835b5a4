import protobuf from 'protobufjs';

/** Written for the tests after the public .proto files: an encoder and decoder that shares nothing with ours. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message TraceRequest { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { repeated ScopeSpans scope_spans = 2; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1;
    bytes span_id = 2;
    string name = 5;
    fixed64 start_time_unix_nano = 7;
    fixed64 end_time_unix_nano = 8;
  }
  message ExportResponse { PartialSuccess partial_success = 1; }
  message PartialSuccess { int64 rejected = 1; string error_message = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message Any { string type_url = 1; bytes value = 2; }
  message BadRequest { repeated FieldViolation field_violations = 1; }
  message FieldViolation { string field = 1; string description = 2; }
  message RetryInfo { Duration retry_delay = 1; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
`);

export function decode(message: string, bytes: Uint8Array): Record<string, unknown> {
  const type = root.lookupType(message);
  return type.toObject(type.decode(bytes), { longs: String });
}

export function encode(message: string, value: object): Buffer {
  return Buffer.from(root.lookupType(message).encode(value).finish());
}

/** A trace request of `good` spans, with `bad` more whose trace id is too short. */
export function traceRequest({ good = 1, bad = 0, nameLength = 8 } = {}): Buffer {
  const span = (traceIdBytes: number) => ({
    traceId: Buffer.alloc(traceIdBytes, 1),
    spanId: Buffer.alloc(8, 2),
    name: 'x'.repeat(nameLength),
  });
  const spans = [
    ...Array.from({ length: good }, () => span(16)),
    ...Array.from({ length: bad }, () => span(3)),
  ];
  return encode('TraceRequest', { resourceSpans: [{ scopeSpans: [{ spans }] }] });
}
