import { engineSchema } from '../engine/config.ts';

/** Section `exporter_loki`: logs to Grafana Loki. */
export const exporterLokiSchema = engineSchema({ example: 'http://loki:3100/otlp', adds: '/v1/logs' });
