import { type Static, type TProperties, Type } from 'typebox';

/** Nanoseconds since 1970 UTC as a decimal string: exact where a JSON number would not be. */
export const UnixNano = Type.String({
  pattern: '^[0-9]+$',
  description: 'Nanoseconds since 1970-01-01T00:00:00Z, as a decimal string',
});
/** A moment where milliseconds are enough. */
export const Rfc3339Utc = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  description: 'RFC 3339, UTC, to the millisecond',
});
export const SignalName = Type.Enum(['traces', 'metrics', 'logs'], {
  description: 'Its items are spans, data points or log records',
});
export const TraceId = Type.String({ pattern: '^[0-9a-f]{32}$' });
export const SpanId = Type.String({ pattern: '^[0-9a-f]{16}$' });

/**
 * Attributes as one JSON object. Integers are written exactly, also above 2^53; doubles always carry a point
 * or an exponent; bytes are `{"$bytes": base64}`, non-finite doubles `{"$double": "NaN"}`, an empty value null.
 */
export const Attributes = Type.Record(Type.String(), Type.Unknown());
export type Attributes = Static<typeof Attributes>;

export const Scope = Type.Object({
  name: Type.String(),
  version: Type.String(),
  attributes: Attributes,
  droppedAttributesCount: Type.Integer(),
  schemaUrl: Type.String(),
});

export const Resource = Type.Object({
  attributes: Attributes,
  droppedAttributesCount: Type.Integer(),
  schemaUrl: Type.String(),
  entityRefs: Type.Array(Type.Unknown()),
});
export type Resource = Static<typeof Resource>;

/** Every error of the API has this body. `code` is a stable word, `message` says what to do. */
export const ApiError = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String(), param: Type.Optional(Type.String()) }),
});
export type ApiError = Static<typeof ApiError>;

/** An answer without a body. */
export const NoContent = Type.Null();

const Time = (fallback: string) =>
  Type.String({ default: fallback, description: 'RFC 3339, `now`, or relative as in `now-1h` (s, m, h, d)' });

/** The time range that every list takes; `from` is included, `to` is not. */
export const rangeParams = { from: Time('now-1h'), to: Time('now') };

export const CursorParam = Type.Optional(Type.String({ description: '`nextCursor` of the page before' }));

export const pageParams = {
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'Items on a page' }),
  cursor: CursorParam,
};

/** Query parameters: unknown ones are mistakes, apart from `attr.KEY=VALUE` where `attributes` is set. */
export function Params<T extends TProperties>(properties: T, options: { attributes?: boolean } = {}) {
  return Type.Object(properties, {
    additionalProperties: false,
    ...(options.attributes ? { patternProperties: { '^attr\\..+': {} } } : {}),
  });
}

export const ServiceParam = Type.Optional(Type.String({ description: '`service.name`, exactly' }));

/** The range that was really searched, after defaults and `now` were resolved. */
export const Range = Type.Object({ fromUnixNano: UnixNano, toUnixNano: UnixNano });
export const NextCursor = Type.Union([Type.String(), Type.Null()], {
  description: 'Pass as `cursor` for the next page; null when this was the last',
});
