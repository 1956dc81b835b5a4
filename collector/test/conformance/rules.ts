/** How a request comes in. What exporters do is shown in the column `http`, which is what both programs send. */
export type Door = 'http' | 'grpc';

/** One row of the table: a rule of OTLP 1.11 (opentelemetry-proto, docs/specification.md, unless `section` names another). */
export interface Rule {
  number: number;
  /** As the specification words it; a dash where it only describes. */
  level: string;
  text: string;
  section: string;
  /** Where the rule applies. */
  doors: readonly Door[];
}

const BOTH = ['http', 'grpc'] as const;
const HTTP = ['http'] as const;
const GRPC = ['grpc'] as const;

type Row = readonly [level: string, text: string, section: string, doors: readonly Door[]];

const ROWS: readonly Row[] = [
  ['MUST', 'gzip and no compression are taken', 'Protocol Details', BOTH],
  ['MUST', 'size is limited, as sent and decompressed; 64 MiB by default', 'OTLP/HTTP Request', BOTH],
  ['MUST', 'over the limit is 413', 'OTLP/HTTP Request', HTTP],
  ['MUST', 'over the limit is RESOURCE_EXHAUSTED without RetryInfo', 'OTLP/gRPC Request', GRPC],
  ['MUST', 'answers are bounded, whatever was wrong', 'Partial Success', BOTH],
  ['MUST', 'full success is an empty Export…ServiceResponse', 'Full Success', BOTH],
  ['SHOULD', 'an empty request is a success', 'OTLP/HTTP Request', BOTH],
  ['MUST', 'what was left out is counted in `partial_success`', 'Partial Success', BOTH],
  ['MUST', 'a warning is `partial_success` with nothing rejected', 'Partial Success', BOTH],
  ['MUST', 'every 4xx and 5xx has a Status body in the encoding of the request', 'Failures', HTTP],
  ['MUST NOT', 'clients repeat 429, 502, 503 and 504, nothing else', 'Retryable Response Codes', HTTP],
  ['MUST', 'what cannot be decoded is 400, with BadRequest', 'Bad Data', HTTP],
  ['SHOULD', 'overload is 429 or 503, with Retry-After', 'OTLP/HTTP Throttling', HTTP],
  ['MUST', 'protobuf and JSON on one port; the answer is of the same type', 'OTLP/HTTP Response', HTTP],
  ['MAY', 'gzip answers, HTTP/1.1 and HTTP/2', 'OTLP/HTTP Connection', HTTP],
  ['–', 'default ports and paths; 404 and 405 elsewhere', 'Default Port, OTLP/HTTP Request', BOTH],
  ['SHOULD', 'overload is UNAVAILABLE with RetryInfo, bad data INVALID_ARGUMENT', 'Failures', GRPC],
  ['–', 'codes are of the class, repeatable or not, of what happened', 'Failures', GRPC],
  ['MUST', 'JSON: ids are hex in any case, other bytes base64', 'JSON Protobuf Encoding', HTTP],
  ['MUST', 'JSON: enums are integers, not names', 'JSON Protobuf Encoding', HTTP],
  ['MUST', 'unknown fields are ignored', 'JSON Protobuf Encoding', BOTH],
  ['–', 'JSON: keys are lowerCamelCase', 'JSON Protobuf Encoding', HTTP],
  [
    '–',
    'JSON: 64-bit integers as text or number, exactly; NaN, Infinity, null',
    'JSON Protobuf Encoding',
    HTTP,
  ],
  ['SHOULD', 'concurrent requests, kept connections; a broken one is repeated', 'Concurrent Requests', BOTH],
  ['–', 'the same request twice is taken twice', 'Duplicate Data', BOTH],
  ['SHOULD', 'one destination that is down does not hold up another', 'Multi-Destination Exporting', HTTP],
  [
    'SHOULD',
    'invalid ids: a log record stays, without them; a span is invalid',
    'trace.proto, logs.proto',
    BOTH,
  ],
  ['MUST NOT', 'reserved bits of flags are not assumed to be zero', 'trace.proto', BOTH],
  ['–', 'all kinds of values, empty, nested and unknown ones', 'common.proto', BOTH],
  [
    '–',
    'log records without a time have the time they were observed; events keep their name',
    'logs.proto',
    BOTH,
  ],
  [
    'MUST',
    'exporters wait longer each time, by chance; 10 s timeout; User-Agent',
    'OpenTelemetry specification, protocol/exporter.md',
    HTTP,
  ],
];

export const RULES: readonly Rule[] = ROWS.map(([level, text, section, doors], index) => ({
  number: index + 1,
  level,
  text,
  section,
  doors,
}));
