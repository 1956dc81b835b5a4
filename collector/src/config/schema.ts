import { type Static, Type } from 'typebox';
import { accessSchema } from '#access/config.ts';
import { consoleSchema } from '#api/config.ts';
import { exporterLokiSchema } from '#exporters/loki/config.ts';
import { exporterOtlpSchema } from '#exporters/otlp/config.ts';
import { exporterPrometheusSchema } from '#exporters/prometheus/config.ts';
import { exporterTempoSchema } from '#exporters/tempo/config.ts';
import { journalSchema } from '#journal/config.ts';
import { keysSchema } from '#keys/config.ts';
import { contentSchema } from '#processors/content/config.ts';
import { enrichSchema } from '#processors/enrich/config.ts';
import { limitSchema } from '#processors/limit/config.ts';
import { redactSchema } from '#processors/redact/config.ts';
import { sampleSchema } from '#processors/sample/config.ts';
import { enginesSchema } from '#query/over-engines/config.ts';
import { otlpGrpcSchema } from '#receivers/otlp-grpc/config.ts';
import { otlpHttpSchema } from '#receivers/otlp-http/config.ts';
import { selfSchema } from '#self/config.ts';
import { storeSchema } from '#store/config.ts';

/** Tokens can be tried without end, so short ones could be found. */
const TOKEN_PATTERN = '^([!-~]{16,})?$';

/** The whole configuration: every part brings the schema of its own section. */
export const configSchema = Type.Object(
  {
    data_dir: Type.String({
      default: './data',
      minLength: 1,
      description: 'Folder for everything that is kept',
    }),
    token: Type.String({
      default: '',
      pattern: TOKEN_PATTERN,
      description:
        "The operators' token for console and API, 16 characters or more without spaces; made and kept in the data folder when empty",
    }),
    machine_token: Type.String({
      default: '',
      pattern: TOKEN_PATTERN,
      description:
        "The machines' token for metrics and alerts, 16 characters or more without spaces; made and kept in the data folder when empty",
    }),
    otlp_http: otlpHttpSchema,
    otlp_grpc: otlpGrpcSchema,
    keys: keysSchema,
    redact: redactSchema,
    content: contentSchema,
    limit: limitSchema,
    sample: sampleSchema,
    enrich: enrichSchema,
    console: consoleSchema,
    access: accessSchema,
    journal: journalSchema,
    store: storeSchema,
    exporter_tempo: exporterTempoSchema,
    exporter_loki: exporterLokiSchema,
    exporter_prometheus: exporterPrometheusSchema,
    exporter_otlp: exporterOtlpSchema,
    engines: enginesSchema,
    self: selfSchema,
  },
  { additionalProperties: false, default: {} },
);

export type Config = Static<typeof configSchema>;
