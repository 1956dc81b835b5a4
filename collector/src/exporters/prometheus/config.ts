import { engineSchema } from '../engine/config.ts';

/** Section `exporter_prometheus`: metrics to Prometheus' OTLP receiver. */
export const exporterPrometheusSchema = engineSchema({
  example: 'http://prometheus:9090/api/v1/otlp',
  adds: '/v1/metrics',
});
