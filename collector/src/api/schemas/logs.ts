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
  UnixNano,
} from './common.ts';

const logFilters = {
  service: ServiceParam,
  severity: Type.Optional(
    Type.String({ description: 'This severity and worse: TRACE, DEBUG, INFO, WARN, ERROR, FATAL' }),
  ),
  q: Type.Optional(
    Type.String({
      description:
        'Words to find, case ignored; all must be there. `wordsIn` of the answer says where they are looked for',
    }),
  ),
  traceId: Type.Optional(Type.String({ description: '32 hexadecimal digits' })),
  spanId: Type.Optional(Type.String({ description: '16 hexadecimal digits' })),
};

export const LogsParams = Params({ ...rangeParams, ...pageParams, ...logFilters }, { attributes: true });
export type LogsParams = Static<typeof LogsParams>;

export const LogsTailParams = Params(logFilters, { attributes: true });
export type LogsTailParams = Static<typeof LogsTailParams>;

export const LogRecord = Type.Object({
  id: Type.String({ description: 'Stable; names this record in links' }),
  timeUnixNano: UnixNano,
  observedTimeUnixNano: UnixNano,
  severityNumber: Type.Integer({ description: '1 to 24, 0 when the sender gave none' }),
  severityText: Type.String(),
  service: Type.String(),
  body: Type.Unknown({ description: 'The body as it was sent: mostly a string, any value is possible' }),
  eventName: Type.String(),
  traceId: Type.Union([Type.String(), Type.Null()]),
  spanId: Type.Union([Type.String(), Type.Null()]),
  flags: Type.Integer(),
  attributes: Attributes,
  droppedAttributesCount: Type.Integer(),
  resource: Resource,
  scope: Scope,
});
export type LogRecord = Static<typeof LogRecord>;

export const LogsResponse = Type.Object({
  range: Range,
  logs: Type.Array(LogRecord, { description: 'Newest first' }),
  nextCursor: NextCursor,
  wordsIn: Type.Enum(['body', 'body_and_attributes'], {
    description: 'Where the words of `q` are looked for: Loki looks through the body alone',
  }),
});
export type LogsResponse = Static<typeof LogsResponse>;

/**
 * `/api/v1/logs/tail` is a stream of server-sent events: `log` with a LogRecord, `dropped` with
 * `{"count": n}` when the reader was slower than the logs, and comment lines as heartbeats.
 */
export const TailDropped = Type.Object({ count: Type.Integer() });
export type TailDropped = Static<typeof TailDropped>;
