import { type Encoding, encodeStatus } from '#otlp/response.ts';
import type { Failure } from '../otlp/failure.ts';

/** A 4xx or 5xx answer before it is encoded. */
export interface Refusal {
  status: number;
  message: string;
  /** Whole seconds; makes the answer one that senders repeat. */
  retryAfterSeconds?: number;
  /** Header `Allow` of a 405. */
  allow?: string;
}

/** google.rpc.Code for an HTTP status, after the mapping in google/rpc/code.proto. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  408: 4,
  413: 8,
  415: 3,
  417: 3,
  429: 8,
  431: 3,
  500: 13,
  503: 14,
};

const STATUSES: Readonly<Record<Failure['kind'], number>> = {
  malformed: 400,
  misframed: 400,
  unauthenticated: 401,
  too_slow: 408,
  too_large: 413,
  unsupported: 415,
  too_much: 429,
  unavailable: 503,
};

export const MEDIA_TYPES: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

export function refusalOf({ kind, ...failure }: Failure): Refusal {
  return { status: STATUSES[kind], ...failure };
}

/**
 * Headers and `google.rpc.Status` body of a refusal. OTLP 1.11, "OTLP/HTTP Response": the body of every
 * 4xx and 5xx is a Status in the encoding of the request; `Retry-After` counts seconds.
 */
export function encodeRefusal(
  refusal: Refusal,
  encoding: Encoding,
): { headers: Record<string, string>; body: Uint8Array } {
  const { status, message, retryAfterSeconds, allow } = refusal;
  const code = RPC_CODES[status] ?? (status >= 500 ? 13 : 3);
  const body = encodeStatus(
    retryAfterSeconds === undefined ? { code, message } : { code, message, retryAfterSeconds },
    encoding,
  );
  const headers: Record<string, string> = { 'content-type': MEDIA_TYPES[encoding] };
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  if (allow !== undefined) headers.allow = allow;
  // RFC 9110, section 11.6.1: a 401 names the scheme.
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return { headers, body };
}
