import type { Signal } from '#core/signal.ts';

/** The form of a body; an answer has that of its request (OTLP specification, "OTLP/HTTP Response"). */
export type Encoding = 'protobuf' | 'json';

/** What becomes a google.rpc.Status. `code` is one of google.rpc.Code. */
export interface StatusReply {
  code: number;
  message: string;
  retryAfterSeconds?: number;
}

/** What becomes an Export<Signal>ServiceResponse. */
export interface ExportReply {
  rejected: number;
  message: string;
}

const INVALID_ARGUMENT = 3;
const MAX_MESSAGE_BYTES = 1024;
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const REJECTED: Record<Signal, string> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
};

/** Cuts to at most 1 KiB of UTF-8, never inside a character. */
function bounded(message: string): string {
  const bytes = Buffer.from(message.slice(0, MAX_MESSAGE_BYTES));
  if (bytes.length <= MAX_MESSAGE_BYTES) return bytes.toString();
  let end = MAX_MESSAGE_BYTES;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** An integer field; nothing when it has its default, as proto3 wants. */
function integer(field: number, value: number): Buffer {
  return Buffer.from(value === 0 ? [] : [field << 3, ...varint(value)]);
}

function lengthDelimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(content.length)]), content]);
}

function text(field: number, value: string): Buffer {
  return value === '' ? Buffer.alloc(0) : lengthDelimited(field, Buffer.from(value));
}

function any(typeUrl: string, value: Buffer): Buffer {
  return lengthDelimited(3, Buffer.concat([text(1, typeUrl), lengthDelimited(2, value)]));
}

function statusProtobuf(status: StatusReply): Buffer {
  const { code, message, retryAfterSeconds } = status;
  const parts = [integer(1, code), text(2, message)];
  if (code === INVALID_ARGUMENT) parts.push(any(BAD_REQUEST, lengthDelimited(1, text(2, message))));
  if (retryAfterSeconds !== undefined) {
    parts.push(any(RETRY_INFO, lengthDelimited(1, integer(1, retryAfterSeconds))));
  }
  return Buffer.concat(parts);
}

function statusJson(status: StatusReply): Buffer {
  const { code, message, retryAfterSeconds } = status;
  const details: object[] = [];
  if (code === INVALID_ARGUMENT)
    details.push({ '@type': BAD_REQUEST, fieldViolations: [{ description: message }] });
  if (retryAfterSeconds !== undefined)
    details.push({ '@type': RETRY_INFO, retryDelay: `${retryAfterSeconds}s` });
  return Buffer.from(JSON.stringify({ code, message, ...(details.length === 0 ? {} : { details }) }));
}

/**
 * The body of every 4xx and 5xx: google.rpc.Status (OTLP specification, "Failures" and "OTLP/HTTP Throttling").
 * The message is cut to 1 KiB and repeated in a BadRequest detail when `code` is INVALID_ARGUMENT; a wait, in whole
 * seconds rounded up, becomes a RetryInfo detail.
 */
export function encodeStatus(status: StatusReply, encoding: Encoding): Uint8Array {
  const { retryAfterSeconds } = status;
  const reply: StatusReply = {
    code: status.code,
    message: bounded(status.message),
    ...(retryAfterSeconds === undefined
      ? {}
      : { retryAfterSeconds: Math.max(0, Math.ceil(retryAfterSeconds)) }),
  };
  return encoding === 'json' ? statusJson(reply) : statusProtobuf(reply);
}

/**
 * The body of a 200: Export<Signal>ServiceResponse. `partial_success` is left out when all was accepted without a
 * warning (OTLP specification, "Full Success"); nothing rejected with a message is a warning ("Partial Success").
 */
export function encodeExportResponse(signal: Signal, reply: ExportReply, encoding: Encoding): Uint8Array {
  const errorMessage = bounded(reply.message);
  const isFull = reply.rejected === 0 && errorMessage === '';
  if (encoding === 'json') {
    if (isFull) return Buffer.from('{}');
    const rejected = reply.rejected === 0 ? {} : { [REJECTED[signal]]: String(reply.rejected) };
    const message = errorMessage === '' ? {} : { errorMessage };
    return Buffer.from(JSON.stringify({ partialSuccess: { ...rejected, ...message } }));
  }
  if (isFull) return new Uint8Array(0);
  return lengthDelimited(1, Buffer.concat([integer(1, reply.rejected), text(2, errorMessage)]));
}
