import { type Static, Type } from 'typebox';

const UrlOf = (engine: string, example: string) =>
  Type.String({
    default: '',
    pattern: '^(https?://[^\\s@?#/]+(/[^\\s@?#]*)?)?$',
    description: `Where ${engine} answers queries, \`${example}\``,
  });

/**
 * Section `engines`: who answers the console's questions about traces, logs and metrics. With the addresses of Tempo,
 * Loki and Prometheus set, they do, and the store keeps no copy of its own; with none set, the store does.
 */
export const enginesSchema = Type.Object(
  {
    tempo_url: UrlOf('Tempo', 'http://tempo:3200'),
    loki_url: UrlOf('Loki', 'http://loki:3100'),
    prometheus_url: UrlOf('Prometheus', 'http://prometheus:9090'),
    tenants: Type.Array(Type.String({ pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}$' }), {
      default: [],
      maxItems: 100,
      uniqueItems: true,
      description:
        'Tenants whose data the console shows, sent as `X-Scope-OrgID: a|b`; for a Loki and Tempo that keep tenants apart. Empty: no such header',
    }),
    alertmanager_url: UrlOf('Alertmanager', 'http://alertmanager:9093'),
  },
  { additionalProperties: false, default: {} },
);
export type EnginesConfig = Static<typeof enginesSchema>;

/** Whether the engines are asked, and not the store. */
export function asksEngines({ tempo_url }: EnginesConfig): boolean {
  return tempo_url !== '';
}
