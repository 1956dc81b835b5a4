import net from 'node:net';
import type { TestContext } from 'node:test';
import { Ajv } from 'ajv';
import { type Gate, OPEN_GATE } from '#core/gate.ts';
import { ACCEPTED } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import type { Tls } from '#listen/tls.ts';
import { type Answer, standBehind } from '../otlp/behind.fixture.ts';
import { decode } from '../otlp/messages.fixture.ts';
import { type OtlpHttpConfig, otlpHttpSchema } from './config.ts';
import { createOtlpHttpReceiver } from './server.ts';

export function defaultConfig(overrides: Partial<OtlpHttpConfig> = {}): OtlpHttpConfig {
  const config = { port: 0, ...overrides };
  const validate = new Ajv({ useDefaults: true, strict: false }).compile<OtlpHttpConfig>(otlpHttpSchema);
  if (!validate(config)) throw new Error(JSON.stringify(validate.errors));
  return config;
}

type Overrides = Omit<Partial<OtlpHttpConfig>, 'tls'> & { gate?: Gate; tls?: Tls | null };

/** A listening receiver on a free port that stops with the test; see standBehind for what it keeps. */
export async function startReceiver(
  context: TestContext,
  { gate = OPEN_GATE, tls = null, ...overrides }: Overrides = {},
  answer: (payload: Payload) => Answer = () => ACCEPTED,
) {
  const config = defaultConfig(overrides);
  const { deps, ...behind } = standBehind({
    answer,
    gate,
    tls,
    budgetBytes: config.max_concurrent_body_bytes,
  });
  const receiver = createOtlpHttpReceiver(config, { ...deps, selfToken: 'token-of-this-process' });
  const { url, port } = await receiver.start();
  context.after(() => receiver.stop());
  return { ...behind, receiver, url, port };
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
