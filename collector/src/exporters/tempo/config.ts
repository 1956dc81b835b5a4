import { engineSchema } from '../engine/config.ts';

/** Section `exporter_tempo`: traces to Grafana Tempo. */
export const exporterTempoSchema = engineSchema({ example: 'http://tempo:4318', adds: '/v1/traces' });
