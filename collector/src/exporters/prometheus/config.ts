import { Type } from 'typebox';
import { engineProperties } from '../engine/config.ts';

/** Section `exporter_prometheus`: metrics to Prometheus' OTLP receiver. */
export const exporterPrometheusSchema = Type.Object(
  {
    ...engineProperties({ example: 'http://prometheus:9090/api/v1/otlp', adds: '/v1/metrics' }),
    max_in_flight: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 64,
      description:
        'Requests under way at the same time. With more than one they may overtake each other, and Prometheus drops delta ' +
        'points that come out of order without a word',
    }),
  },
  { additionalProperties: false, default: {} },
);
