import { type Static, Type } from 'typebox';

const MIB = 1024 * 1024;

export const logSchema = Type.Object(
  {
    level: Type.Union(
      [Type.Literal('error'), Type.Literal('warn'), Type.Literal('info'), Type.Literal('debug')],
      {
        default: 'info',
        description: 'Least important level that is kept in the log file and sent as telemetry',
      },
    ),
    stdout: Type.Union(
      [
        Type.Literal('auto'),
        Type.Literal('none'),
        Type.Literal('error'),
        Type.Literal('warn'),
        Type.Literal('info'),
        Type.Literal('debug'),
      ],
      {
        default: 'auto',
        description: 'Least important level on stdout; auto is warn on a terminal and info elsewhere',
      },
    ),
    max_files_days: Type.Integer({
      default: 14,
      minimum: 1,
      maximum: 3650,
      description: 'Log files older than this are deleted',
    }),
    max_files: Type.Integer({
      default: 30,
      minimum: 2,
      maximum: 10_000,
      description: 'At most this many log files are kept, the oldest go first',
    }),
    max_file_bytes: Type.Integer({
      default: 20 * MIB,
      minimum: 1024,
      description: 'A log file larger than this is closed and the next one started',
    }),
    summary_interval_seconds: Type.Integer({
      default: 60,
      minimum: 1,
      maximum: 3600,
      description: 'Successful ingest requests are summed up in one line per signal this often',
    }),
  },
  { additionalProperties: false, default: {} },
);
export type LogConfig = Static<typeof logSchema>;

const Ratio = (fallback: number, description: string) =>
  Type.Number({ default: fallback, minimum: 0, maximum: 1, description });

export const telemetrySchema = Type.Object(
  {
    enabled: Type.Boolean({
      default: true,
      description: "Send Signalbox's own traces, logs and metrics to its own receiver, as service signalbox",
    }),
    trace_sample_ratio: Ratio(0.01, 'Share of ingest requests that are traced'),
    api_trace_sample_ratio: Ratio(1, 'Share of API requests that are traced'),
    metrics_interval_seconds: Type.Integer({
      default: 15,
      minimum: 1,
      maximum: 3600,
      description: 'How often the own metrics are sent',
    }),
  },
  { additionalProperties: false, default: {} },
);
export type TelemetryConfig = Static<typeof telemetrySchema>;

/** Section `self`: how the collector watches itself. */
export const selfSchema = Type.Object(
  { log: logSchema, telemetry: telemetrySchema },
  { additionalProperties: false, default: {} },
);
