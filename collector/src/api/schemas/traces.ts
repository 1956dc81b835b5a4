import { type Static, Type } from 'typebox';
import {
  Attributes,
  NextCursor,
  Params,
  pageParams,
  Range,
  Resource,
  rangeParams,
  Scope,
  ServiceParam,
  SpanId,
  TraceId,
  UnixNano,
} from './common.ts';
import { LogRecord } from './logs.ts';

/** The longest duration that is kept exactly: 2^53 ns, 104 days. */
const MAX_DURATION_MS = Number.MAX_SAFE_INTEGER / 1e6;

/** All filters must hold on one and the same span; a trace is found when it has such a span. */
export const TracesParams = Params(
  {
    ...rangeParams,
    ...pageParams,
    service: ServiceParam,
    operation: Type.Optional(Type.String({ description: 'Span name, exactly' })),
    minDurationMs: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: MAX_DURATION_MS,
        description: 'The span took this long or longer',
      }),
    ),
    maxDurationMs: Type.Optional(
      Type.Number({ minimum: 0, maximum: MAX_DURATION_MS, description: 'The span took this long or less' }),
    ),
    error: Type.Optional(Type.Boolean({ description: 'true: status ERROR; false: any other' })),
    kind: Type.Optional(Type.String({ description: 'INTERNAL, SERVER, CLIENT, PRODUCER or CONSUMER' })),
  },
  { attributes: true },
);
export type TracesParams = Static<typeof TracesParams>;

export const TraceSummary = Type.Object({
  traceId: TraceId,
  rootService: Type.String({ description: 'Of the root span, or of the earliest when the root is not here' }),
  rootOperation: Type.String(),
  rootMissing: Type.Boolean({ description: 'No span without a parent has arrived (yet)' }),
  startTimeUnixNano: UnixNano,
  durationNano: Type.Integer({
    description: 'Of the root span; without one from the first start to the last end',
  }),
  spans: Type.Integer(),
  errors: Type.Integer({ description: 'Spans with status ERROR' }),
  matchedSpanId: SpanId,
  services: Type.Array(
    Type.Object({ service: Type.String(), spans: Type.Integer(), errors: Type.Integer() }),
  ),
});
export type TraceSummary = Static<typeof TraceSummary>;

export const TracesResponse = Type.Object({
  range: Range,
  traces: Type.Array(TraceSummary, { description: 'Newest first' }),
  nextCursor: NextCursor,
});
export type TracesResponse = Static<typeof TracesResponse>;

export const SpanEvent = Type.Object({
  timeUnixNano: UnixNano,
  name: Type.String(),
  attributes: Attributes,
  droppedAttributesCount: Type.Integer(),
});

export const SpanLink = Type.Object({
  traceId: Type.String(),
  spanId: Type.String(),
  traceState: Type.String(),
  flags: Type.Integer(),
  attributes: Attributes,
  droppedAttributesCount: Type.Integer(),
});

export const Span = Type.Object({
  spanId: SpanId,
  parentSpanId: Type.Union([SpanId, Type.Null()]),
  name: Type.String(),
  kind: Type.String({ description: 'UNSPECIFIED, INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER' }),
  service: Type.String(),
  startTimeUnixNano: UnixNano,
  endTimeUnixNano: UnixNano,
  durationNano: Type.Integer({ description: 'end minus start, 0 when that is negative' }),
  clockOffsetNano: Type.Integer({
    description:
      'Add this to the times of this span to place it on the clock of the root; 0 when no skew was seen',
  }),
  statusCode: Type.String({ description: 'UNSET, OK, ERROR' }),
  statusMessage: Type.String(),
  traceState: Type.String(),
  flags: Type.Integer(),
  attributes: Attributes,
  droppedAttributesCount: Type.Integer(),
  events: Type.Array(SpanEvent),
  droppedEventsCount: Type.Integer(),
  links: Type.Array(SpanLink),
  droppedLinksCount: Type.Integer(),
  resource: Type.Integer({ description: 'Index into `resources`' }),
  scope: Type.Integer({ description: 'Index into `scopes`' }),
});
export type Span = Static<typeof Span>;

export const TraceResponse = Type.Object({
  traceId: TraceId,
  startTimeUnixNano: UnixNano,
  durationNano: Type.Integer(),
  spans: Type.Array(Span, { description: 'By start time on the clock of the root; at most 20,000' }),
  spansTotal: Type.Integer(),
  resources: Type.Array(Resource),
  scopes: Type.Array(Scope),
  logs: Type.Array(LogRecord, { description: 'Log records with this trace id, by time; at most 1,000' }),
  logsTotal: Type.Integer(),
  logsProblem: Type.Union([Type.String(), Type.Null()], {
    description: 'Why the logs could not be read; null when they were',
  }),
});
export type TraceResponse = Static<typeof TraceResponse>;
