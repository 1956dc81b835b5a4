import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { SIGNALS, type Signal } from '#core/signal.ts';
import type { Encoding } from '#otlp/response.ts';
import { tooLarge } from '../otlp/failure.ts';
import type { Compression } from '../otlp/read-body.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** What the request line and headers say about an export request that may go on. */
export interface ExportHead {
  signal: Signal;
  encoding: Encoding;
  compression: Compression;
}

type HeadChecked = { ok: true; head: ExportHead } | { ok: false; refusal: Refusal };

const SIGNALS_BY_PATH = new Map<string, Signal>(SIGNALS.map((signal) => [`/v1/${signal}`, signal]));
const PATHS = 'POST /v1/traces, /v1/metrics and /v1/logs';
export const ALLOWED_METHODS = 'POST, OPTIONS';

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0]!;
}

export function signalOfPath(path: string): Signal | null {
  return SIGNALS_BY_PATH.get(path) ?? null;
}

/**
 * Judges a request by its head alone, before a byte of its body is read: 404, 405, 413, 415 and 417.
 * `path` comes without the query. Rules: OTLP 1.11, sections "OTLP/HTTP" and "Binary Protobuf Encoding".
 */
export function checkHead(
  request: { method: string; path: string; headers: IncomingHttpHeaders },
  maxBodyBytes: number,
): HeadChecked {
  const { method, path, headers } = request;
  const signal = signalOfPath(path);
  if (signal === null) return refuse({ status: 404, message: notFoundMessage(method, path) });
  if (method !== 'POST') {
    return refuse({ status: 405, message: `${path} takes POST, not ${method}`, allow: ALLOWED_METHODS });
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return refuse({ status: 417, message: 'the only expectation that can be met is 100-continue' });
  }
  const encoding = encodingOf(headers['content-type']);
  if (encoding === null) return refuse({ status: 415, message: contentTypeMessage(headers['content-type']) });
  const compression = compressionOf(headers['content-encoding']);
  if (compression === null) {
    const got = shorten(headers['content-encoding'] ?? '');
    return refuse({
      status: 415,
      message: `content encoding '${got}' is not supported; identity, gzip and zstd are`,
    });
  }
  if (Number(headers['content-length'] ?? 0) > maxBodyBytes) return refuse(refusalOf(tooLarge(maxBodyBytes)));
  return { ok: true, head: { signal, encoding, compression } };
}

function refuse(refusal: Refusal): HeadChecked {
  return { ok: false, refusal };
}

/** Media type without case and parameters (RFC 9110, section 8.3.1); null when it is neither of OTLP's. */
function encodingOf(contentType: string | undefined): Encoding | null {
  const mediaType = mediaTypeOf(contentType);
  if (mediaType === 'application/x-protobuf') return 'protobuf';
  return mediaType === 'application/json' ? 'json' : null;
}

/** The encoding for an error: that of the request, and JSON, which people can read, for anything unknown. */
export function errorEncodingOf(contentType: string | undefined): Encoding {
  return mediaTypeOf(contentType).includes('protobuf') ? 'protobuf' : 'json';
}

function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** RFC 9110, section 8.4.1: without case; `x-gzip` means gzip. */
function compressionOf(contentEncoding: string | undefined): Compression | null {
  const coding = (contentEncoding ?? '').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return 'identity';
  if (coding === 'gzip' || coding === 'x-gzip') return 'gzip';
  return coding === 'zstd' ? 'zstd' : null;
}

function contentTypeMessage(contentType: string | undefined): string {
  const mediaType = mediaTypeOf(contentType);
  const supported = 'application/x-protobuf and application/json are';
  if (mediaType === '') return `the content type is missing; ${supported} supported`;
  const message = `content type '${shorten(mediaType)}' is not supported; ${supported}`;
  if (!mediaType.startsWith('application/grpc')) return message;
  return `${message}. This is the port of OTLP over HTTP; OTLP over gRPC has its own, 4317 by default`;
}

function notFoundMessage(method: string, path: string): string {
  if (method === 'GET' || method === 'HEAD') {
    return `This is where apps send telemetry: OTLP over HTTP at ${PATHS}. There is no page at ${shorten(path)}`;
  }
  const message = `nothing is at ${shorten(path)}; OTLP over HTTP is received at ${PATHS}`;
  if (path !== '/') return message;
  return `${message}. SDKs add the path to OTEL_EXPORTER_OTLP_ENDPOINT, not to the variables of one signal`;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
