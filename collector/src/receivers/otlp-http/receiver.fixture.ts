import net from 'node:net';
import type { TestContext } from 'node:test';
import { Ajv } from 'ajv';
import protobuf from 'protobufjs';
import { systemClock } from '#core/clock.ts';
import { ACCEPTED, type Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import { createMemoryLogger } from '#self/memory-logger.fixture.ts';
import { type OtlpHttpConfig, otlpHttpSchema } from './config.ts';
import { createDeltaWatch } from './delta-watch.ts';
import type { FinishedRequest } from './observer.ts';
import { NO_PROCESSING } from './processing.ts';
import { createOtlpHttpReceiver, type OtlpHttpDeps } from './server.ts';

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

export function defaultConfig(overrides: Partial<OtlpHttpConfig> = {}): OtlpHttpConfig {
  const config = { port: 0, ...overrides };
  const validate = new Ajv({ useDefaults: true, strict: false }).compile<OtlpHttpConfig>(otlpHttpSchema);
  if (!validate(config)) throw new Error(JSON.stringify(validate.errors));
  return config;
}

export type Answer = Outcome | Promise<Outcome>;

/**
 * A listening receiver on a free port that stops with the test; keeps payloads, finished requests and the lines of
 * warnings. `time` is the clock that these go by, in milliseconds.
 */
export async function startReceiver(
  context: TestContext,
  overrides: Partial<OtlpHttpConfig> = {},
  answer: (payload: Payload) => Answer = () => ACCEPTED,
) {
  const payloads: Payload[] = [];
  const finished: FinishedRequest[] = [];
  const logger = createMemoryLogger();
  const time = { ms: 0 };
  const clocks = { wallMs: () => time.ms, monotonicMs: () => time.ms };
  const deltaWatch = createDeltaWatch({ logger, clocks });
  const deps: OtlpHttpDeps = {
    sink: {
      async offer(payload) {
        payloads.push(payload);
        return answer(payload);
      },
    },
    clock: systemClock,
    observer: { requestFinished: (request) => finished.push(request) },
    selfToken: 'token-of-this-process',
    processing: NO_PROCESSING,
    noteDelta: deltaWatch.note,
  };
  const receiver = createOtlpHttpReceiver(defaultConfig(overrides), deps);
  const { url, port } = await receiver.start();
  context.after(() => receiver.stop());
  return { receiver, url, port, payloads, finished, lines: logger.lines, time, deltaWatch };
}

const PROTOBUF = { 'content-type': 'application/x-protobuf' };

/** Posts a body; protobuf when `headers` say nothing else. */
export async function post(url: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    body: Buffer.from(body as Uint8Array),
    headers: { ...PROTOBUF, ...headers },
  });
  return { response, body: Buffer.from(await response.arrayBuffer()) };
}

/** The Status of an answer in the encoding that its content type names. */
export function statusOf(contentType: string | null, body: Uint8Array): { code: number; message: string } {
  const value =
    contentType === 'application/x-protobuf'
      ? decode('Status', body)
      : contentType === 'application/json'
        ? JSON.parse(Buffer.from(body).toString('utf8'))
        : null;
  if (value === null) throw new Error(`an error body of type ${contentType}`);
  return value as { code: number; message: string };
}

export interface RawAnswer {
  text: string;
  status: number;
  contentType: string | null;
  body: Buffer;
}

/** Writes the pieces to a connection of its own, half-closes it if asked, and reads until the server closes. */
export function sendRaw(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { end = false, keepOpen = false } = {},
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const finish = () => {
      socket.destroy();
      resolve(parseAnswer(Buffer.concat(chunks)));
    };
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (keepOpen && parseAnswer(Buffer.concat(chunks)).status > 0) finish();
    });
    socket.on('error', finish);
    socket.on('end', finish);
    for (const piece of pieces) socket.write(piece);
    if (end) socket.end();
  });
}

/** The last answer in what was read. Status 0: not complete. */
function parseAnswer(bytes: Buffer): RawAnswer {
  const text = bytes.toString('latin1');
  const start = [...text.matchAll(/HTTP\/1\.1 [2-5]\d\d /g)].at(-1)?.index ?? -1;
  const headEnd = text.indexOf('\r\n\r\n', start);
  if (start === -1 || headEnd === -1) return { text, status: 0, contentType: null, body: Buffer.alloc(0) };
  const head = text.slice(start, headEnd);
  const contentType = /^content-type: (.*)$/im.exec(head)?.[1] ?? null;
  const body = bytes.subarray(headEnd + 4);
  const isWhole = body.length >= Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  return { text, status: isWhole ? Number(head.slice(9, 12)) : 0, contentType, body };
}

export function head(path: string, headers: Record<string, string | number>): string {
  const lines = Object.entries({ host: 'test', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
