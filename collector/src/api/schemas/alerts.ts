import { type Static, Type } from 'typebox';
import { NextCursor, Params, pageParams, UnixNano } from './common.ts';

const Texts = Type.Record(Type.String(), Type.String());
const State = Type.Enum(['firing', 'resolved']);
const Rfc3339 = (description: string) => Type.String({ description });

const WebhookAlert = Type.Object({
  status: State,
  labels: Texts,
  annotations: Type.Optional(Texts),
  startsAt: Rfc3339('RFC 3339'),
  endsAt: Type.Optional(Rfc3339('RFC 3339; the year 1 while it fires')),
  generatorURL: Type.Optional(Type.String({ description: 'Where its rule can be looked at' })),
  fingerprint: Type.String({ pattern: '^[0-9A-Za-z]{1,64}$', description: 'Names the set of labels' }),
});

/** What Alertmanager's `webhook_configs` send (alertmanager/notify/webhook). What else is in it is ignored. */
export const AlertsWebhookBody = Type.Object({
  version: Type.Literal('4'),
  groupKey: Type.Optional(Type.String()),
  receiver: Type.Optional(Type.String()),
  status: Type.Optional(State),
  truncatedAlerts: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Alerts of the group that are left out here' }),
  ),
  alerts: Type.Array(WebhookAlert),
});
export type AlertsWebhookBody = Static<typeof AlertsWebhookBody>;

export const AlertsWebhookResponse = Type.Object({
  taken: Type.Integer({ description: 'Alerts that are on disk as they are told here' }),
  late: Type.Integer({ description: 'Alerts of which something newer was known already' }),
});

export const AlertsParams = Params({
  state: Type.Enum(['firing', 'resolved', 'all'], {
    default: 'all',
    description: 'Only alerts in this state',
  }),
  severity: Type.Optional(Type.String({ description: 'The label `severity`, case ignored' })),
  q: Type.Optional(
    Type.String({
      description:
        'Words to find in labels and annotations, as in `team=shop`; case ignored; all must be there',
    }),
  ),
  ...pageParams,
});
export type AlertsParams = Static<typeof AlertsParams>;

export const Alert = Type.Object({
  id: Type.String({ description: 'Names one episode: fingerprint and start' }),
  fingerprint: Type.String(),
  name: Type.String({ description: 'Label `alertname`' }),
  severity: Type.String({ description: 'Label `severity`, empty when it has none' }),
  service: Type.String({ description: 'Label `service_name`, `service` or `job`' }),
  summary: Type.String({ description: 'Annotation `summary`, `message` or `description`' }),
  state: State,
  startsUnixNano: UnixNano,
  endsUnixNano: Type.Union([UnixNano, Type.Null()], { description: 'null while it fires' }),
  firstNotifiedUnixNano: UnixNano,
  lastNotifiedUnixNano: UnixNano,
  notifications: Type.Integer({ description: 'How often it was told' }),
  labels: Texts,
  annotations: Texts,
  generatorUrl: Type.String({ description: 'As it was sent: any text' }),
  isCut: Type.Boolean({ description: 'Labels, annotations or URL were longer than what is kept' }),
});
export type Alert = Static<typeof Alert>;

export const AlertsResponse = Type.Object({
  counts: Type.Object(
    { firing: Type.Integer(), resolved: Type.Integer() },
    {
      description:
        'All that are kept, whatever was asked for. The alert `Watchdog` is never counted or listed',
    },
  ),
  watchdog: Type.Union(
    [
      Type.Object({
        state: State,
        lastNotifiedUnixNano: UnixNano,
        isHeard: Type.Boolean({ description: 'It fires, and was told in the last 15 minutes' }),
      }),
      Type.Null(),
    ],
    {
      description:
        'The alert `Watchdog`, which always fires: as long as it is heard, alerts get here. null when it never was',
    },
  ),
  alerts: Type.Array(Alert, { description: 'Firing ones first, in each state the latest start first' }),
  nextCursor: NextCursor,
});
export type AlertsResponse = Static<typeof AlertsResponse>;
