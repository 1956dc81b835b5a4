import { type Static, Type } from 'typebox';
import { engineProperties } from '../engine/config.ts';

/** Section `exporter_tempo`: traces to Grafana Tempo. */
export const exporterTempoSchema = Type.Object(
  {
    ...engineProperties({ example: 'http://tempo:4318', adds: '/v1/traces' }),
    confirm_after_ms: Type.Integer({
      default: 10_000,
      minimum: 0,
      // Its receiver closes connections that were idle for a minute.
      maximum: 50_000,
      description:
        'Tempo answers before it writes: what it took is delivered when it has lived this long since, else it is sent again. ' +
        'Longer than `max_trace_live` and `flush_check_period` of its `live_store` together; 0 believes the answer',
    }),
  },
  { additionalProperties: false, default: {} },
);
export type ExporterTempoConfig = Static<typeof exporterTempoSchema>;
