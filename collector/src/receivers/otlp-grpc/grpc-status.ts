import { encodeStatus } from '#otlp/response.ts';
import type { Failure } from '../otlp/failure.ts';

/** google.rpc.Code, as far as it is used here. */
const CODES = {
  OK: 0,
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

export type GrpcCode = keyof typeof CODES;

/** How a call ends, other than well. */
export interface GrpcStatus {
  code: GrpcCode;
  message: string;
  /** Whole seconds; becomes a RetryInfo, without which senders do not repeat RESOURCE_EXHAUSTED. */
  retryAfterSeconds?: number;
}

const CODE_OF_FAILURE: Readonly<Record<Failure['kind'], GrpcCode>> = {
  malformed: 'INVALID_ARGUMENT',
  misframed: 'INTERNAL',
  unsupported: 'UNIMPLEMENTED',
  too_large: 'RESOURCE_EXHAUSTED',
  too_slow: 'DEADLINE_EXCEEDED',
  unauthenticated: 'UNAUTHENTICATED',
  too_much: 'RESOURCE_EXHAUSTED',
  unavailable: 'UNAVAILABLE',
};
const MAX_MESSAGE_CHARS = 1024;

/** OTLP 1.11, "OTLP/gRPC Response", and gRPC's table of codes that libraries make. */
export function grpcStatusOf({ kind, ...failure }: Failure): GrpcStatus {
  return { code: CODE_OF_FAILURE[kind], ...failure };
}

/**
 * The trailers that tell a status: `grpc-status`, `grpc-message`, and `grpc-status-details-bin` with a
 * `google.rpc.Status` that holds RetryInfo or BadRequest. Less than 5 KiB together, since clients bound what they read.
 */
export function statusTrailers({ code, message, retryAfterSeconds }: GrpcStatus): Record<string, string> {
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const details = Buffer.from(encodeStatus({ code: CODES[code], message, ...wait }, 'protobuf'));
  return {
    'grpc-status': String(CODES[code]),
    'grpc-message': percentEncode(message),
    // Binary values are sent without padding (gRPC over HTTP2, "Custom-Metadata").
    'grpc-status-details-bin': details.toString('base64').replace(/=+$/, ''),
  };
}

/** gRPC over HTTP2, "Status-Message": printable ASCII stays but for `%`. Cut after 1024 characters, never inside one. */
function percentEncode(message: string): string {
  let encoded = '';
  for (const char of message) {
    const isPlain = char >= ' ' && char <= '~' && char !== '%';
    const piece = isPlain ? char : encodeBytes(char);
    if (encoded.length + piece.length > MAX_MESSAGE_CHARS) break;
    encoded += piece;
  }
  return encoded;
}

function encodeBytes(char: string): string {
  return [...Buffer.from(char)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
