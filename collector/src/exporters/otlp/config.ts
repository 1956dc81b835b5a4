import { type Static, Type } from 'typebox';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { frameProperties } from '../frame/config.ts';

/** Section `exporter_otlp`: any server that takes OTLP over HTTP. */
export const exporterOtlpSchema = Type.Object(
  {
    endpoint: Type.String({
      default: '',
      pattern: '^(https?://[^\\s@?#/]+(/[^\\s@?#]*)?)?$',
      description:
        'Where telemetry goes, `https://otlp.example.com`; `/v1/traces` and the like are added. Empty: off',
    }),
    headers: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      maxItems: 64,
      // A token may stand here: values are never shown.
      writeOnly: true,
      description: 'Sent with each request, as `Name: value`; never logged',
    }),
    compression: Type.Union([Type.Literal('gzip'), Type.Literal('none')], {
      default: 'gzip',
      description: 'How requests are compressed',
    }),
    timeout_ms: Type.Integer({
      default: 10_000,
      minimum: 100,
      maximum: 600_000,
      description: 'A request without a complete answer by then counts as failed and is repeated',
    }),
    signals: Type.Array(Type.Unsafe<Signal>({ type: 'string', enum: [...SIGNALS] }), {
      default: [...SIGNALS],
      minItems: 1,
      uniqueItems: true,
      description: 'What goes there',
    }),
    retry_final_answers: Type.Boolean({
      default: false,
      description:
        'Send again also after answers that OTLP calls final (401, 404, 500 and the like), every 30 s. Without it such a batch becomes a dead letter, to be replayed, and the next one waits until an empty request is taken',
    }),
    ...frameProperties,
  },
  { additionalProperties: false, default: {} },
);

export type ExporterOtlpConfig = Static<typeof exporterOtlpSchema>;
