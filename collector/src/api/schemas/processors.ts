import { type Static, Type } from 'typebox';
import { Params, Rfc3339Utc, ServiceParam, SignalName } from './common.ts';

/** Of a text to be tried, in UTF-8. */
export const MAX_TRY_BYTES = 1024 * 1024;
const MAX_NAME = 256;

const Processor = (description: string) =>
  Type.Enum(['redact', 'content', 'limit', 'sample', 'enrich'], { description });
const ContentMode = Type.Enum(['metadata', 'redacted', 'full'], {
  description: 'What stays of content: nothing, all without what redaction finds, all as it came',
});

export const ProcessorsParams = Params({
  service: ServiceParam,
  processor: Type.Optional(Processor('Only what this processor did')),
  limit: Type.Integer({
    minimum: 1,
    maximum: 5000,
    default: 500,
    description: 'Counts, the largest first; there are never many more than 2,000',
  }),
});
export type ProcessorsParams = Static<typeof ProcessorsParams>;

export const ProcessorSection = Type.Object({
  processor: Type.String({ description: 'The section of the configuration' }),
  title: Type.String(),
  isOn: Type.Boolean({ description: 'Whether it can change or drop anything as it is configured' }),
  summary: Type.String({ description: 'What it does as it is configured' }),
});
export type ProcessorSection = Static<typeof ProcessorSection>;

export const RedactionRule = Type.Object({
  name: Type.String({ description: 'The word in `redact.off`, in counts and in the replaced text' }),
  title: Type.String({ description: 'What it takes out' }),
  isOn: Type.Boolean({ description: 'For services without an exception' }),
});
export type RedactionRule = Static<typeof RedactionRule>;

export const ProcessorCount = Type.Object({
  processor: Type.String(),
  rule: Type.String(),
  action: Type.String({
    description:
      'redacted, hashed, stripped, cut, clamped, merged, inserted: the item stays; dropped: it does not',
  }),
  signal: SignalName,
  service: Type.String({
    description:
      '`service.name`; `(all)` where it is not told apart, `(other)` for those after the first 2,000 counts',
  }),
  count: Type.Integer({ description: 'Values, attributes or items since the start of the process' }),
  lastAt: Rfc3339Utc,
});
export type ProcessorCount = Static<typeof ProcessorCount>;

/** What the processors do, and what they did. */
export const ProcessorsResponse = Type.Object({
  at: Rfc3339Utc,
  since: Type.Unsafe<string>({ ...Rfc3339Utc, description: 'When the process started: counts begin there' }),
  sections: Type.Array(ProcessorSection),
  rules: Type.Array(RedactionRule, { description: 'The rules of redaction' }),
  contentModes: Type.Object({
    mode: ContentMode,
    services: Type.Array(Type.Object({ service: Type.String(), mode: ContentMode }), {
      description: 'Services with another mode',
    }),
  }),
  counts: Type.Array(ProcessorCount),
  countsTotal: Type.Integer({ description: 'How many counts meet the filters, also those beyond `limit`' }),
});
export type ProcessorsResponse = Static<typeof ProcessorsResponse>;

export const TryBody = Type.Object(
  {
    text: Type.String({
      description: 'An export request in OTLP/JSON, or any other text; at most 1 MiB. Nothing of it is kept',
    }),
    service: Type.Optional(
      Type.String({
        maxLength: MAX_NAME,
        description: 'Whose it is, for other text: services have their own rules',
      }),
    ),
    key: Type.Optional(
      Type.String({
        maxLength: MAX_NAME,
        description:
          'The attribute that has the text as its value; without it, it is the body of a log record',
      }),
    ),
  },
  { additionalProperties: false },
);
export type TryBody = Static<typeof TryBody>;

export const TryResponse = Type.Object({
  ok: Type.Literal(true),
  signal: Type.Union([SignalName, Type.Null()], { description: 'Of the request; null for other text' }),
  before: Type.String({ description: 'What went in, in the form of `after`' }),
  after: Type.String({ description: 'What would be kept; empty when nothing is' }),
  changes: Type.Array(
    Type.Object({
      processor: Type.String(),
      rule: Type.String(),
      action: Type.String(),
      count: Type.Integer(),
    }),
    { description: 'What acted' },
  ),
  warning: Type.String({ description: 'What its sender would be told; empty for nothing' }),
});
export type TryResponse = Static<typeof TryResponse>;

export const HashBody = Type.Object(
  { value: Type.String({ minLength: 1, maxLength: 4096, description: 'The id of a user, as it was sent' }) },
  { additionalProperties: false },
);

export const HashResponse = Type.Object({
  hash: Type.String({ description: 'What stands in its place; keyed, so only this installation can tell' }),
});
export type HashResponse = Static<typeof HashResponse>;
