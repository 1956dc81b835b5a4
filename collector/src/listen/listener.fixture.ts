import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import http2, {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { systemClock } from '#core/clock.ts';
import { type Certificates, makeCertificates } from '#test/support/certificates.ts';
import type { TlsConfig } from './config.ts';
import { createHttpListener, type HttpListenerOptions } from './http-listener.ts';
import type { Http2Limits } from './http2-sessions.ts';
import { openTls, type Tls } from './tls.ts';
import type { ServerCertificate } from './tls-material.ts';

export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
export const LIMITS: Http2Limits = {
  maxHeaderListSize: 16_384,
  maxConcurrentStreams: 100,
  idleTimeoutMs: 60_000,
};

/** Certificates for all tests of a file; they go with it. */
export function certificatesOfFile(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-listen-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return makeCertificates(folder);
}

export function tlsConfig(overrides: Partial<TlsConfig>): TlsConfig {
  return { cert_file: '', key_file: '', client_ca_file: '', min_version: '1.2', ...overrides };
}

/** Followed every 10 ms until the test ends; what it told is kept. */
export function openTestTls(context: TestContext, config: Partial<TlsConfig>, clock = systemClock) {
  const told = { reloaded: [] as ServerCertificate[], failed: [] as string[], warnings: [] as string[] };
  const tls = openTls(tlsConfig(config), {
    section: 'otlp_http',
    clock,
    onReloaded: (certificate) => told.reloaded.push(certificate),
    onFailed: (message) => told.failed.push(message),
    onWarning: (message) => told.warnings.push(message),
    pollMs: 10,
  });
  if (tls === null) throw new Error('no certificate is set');
  context.after(() => tls.close());
  return { tls, told };
}

type Overrides = Partial<Omit<HttpListenerOptions, 'http2' | 'tls'>> & {
  http2?: Partial<Http2Limits> | null;
  tls?: Tls | null;
};

/** A listener on a free port of 127.0.0.1 that is cut with the test. Answers with the version of the protocol. */
export async function startHttp(
  context: TestContext,
  { http2: limits, tls = null, ...overrides }: Overrides = {},
  handler: RequestListener = answerVersion,
): Promise<{ server: Server; port: number; url: string }> {
  const server = createHttpListener(
    {
      tls,
      http1: { headersTimeout: 20_000 },
      http2: limits === null ? null : { ...LIMITS, ...limits },
      maxConnections: 100,
      ...overrides,
    },
    handler,
  );
  const port = await listenLocally(server);
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, port, url: `${tls === null ? 'http' : 'https'}://127.0.0.1:${port}` };
}

export async function listenLocally(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** `2.0 5`: the version and how many bytes of body came. */
export function answerVersion(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  request.on('data', (chunk: Uint8Array) => {
    bytes += chunk.byteLength;
  });
  request.on('end', () => response.end(`${request.httpVersion} ${bytes}`));
}

/** Runs curl; `output` is the body, then ` [protocol status]`. */
export async function curl(
  ...options: string[]
): Promise<{ code: number; output: string; complaint: string }> {
  const all = ['-sS', '--max-time', '20', '--write-out', ' [%{http_version} %{http_code}]', ...options];
  return new Promise((resolve) => {
    execFile('curl', all, (error, output, complaint) => {
      resolve({ code: error === null ? 0 : Number(error.code), output, complaint });
    });
  });
}

/** A client of HTTP/2 that is cut with the test; its faults are not thrown. */
export function connectHttp2(
  context: TestContext,
  url: string,
  options: SecureClientSessionOptions = {},
): ClientHttp2Session {
  const session = http2.connect(url, options);
  session.on('error', () => {});
  context.after(() => session.destroy());
  return session;
}

export interface Http2Answer {
  headers: IncomingHttpHeaders;
  text: string;
}

/** The whole answer; rejects when the stream is reset. */
export async function answerOf(stream: ClientHttp2Stream): Promise<Http2Answer> {
  let headers: IncomingHttpHeaders = {};
  stream.on('response', (received) => {
    headers = received;
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  if (stream.rstCode !== 0) throw new Error(`reset with ${stream.rstCode}`);
  return { headers, text: Buffer.concat(chunks).toString() };
}

/** A bare connection that is cut with the test. */
export function connectRaw(context: TestContext, port: number): Socket {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  context.after(() => socket.destroy());
  return socket;
}

/** Everything the other side sends until it closes. */
export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
export function frame(
  type: number,
  content: Uint8Array = Buffer.alloc(0),
  { flags = 0, stream = 0 } = {},
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(content.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, content]);
}
