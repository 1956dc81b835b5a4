import type { Notice } from '#alerts/alert.ts';
import type { Notification } from '#alerts/alert-book.ts';
import { BadRequestError } from '#query/requests.ts';
import type { AlertsWebhookBody } from './schemas/alerts.ts';
import { parseInstant } from './time.ts';

/** What Alertmanager's webhook tells; throws BadRequestError for a time that is none. */
export function readNotification({ alerts, truncatedAlerts = 0 }: AlertsWebhookBody): Notification {
  return { leftOut: truncatedAlerts, notices: alerts.map(readNotice) };
}

function readNotice(alert: AlertsWebhookBody['alerts'][number], index: number): Notice {
  const { annotations = {}, fingerprint, generatorURL = '', labels, status } = alert;
  const at = (name: 'startsAt' | 'endsAt', text: string) => parseInstant(`alerts/${index}/${name}`, text);
  const startsUnixNano = at('startsAt', alert.startsAt);
  if (startsUnixNano < 0n) throw new BadRequestError(`alerts/${index}/startsAt`, 'must not be before 1970');
  const ends = alert.endsAt === undefined ? -1n : at('endsAt', alert.endsAt);
  return {
    fingerprint,
    state: status,
    labels,
    annotations,
    startsUnixNano,
    // Go writes a time that is not set as the year 1.
    endsUnixNano: ends < 0n ? null : ends,
    generatorUrl: generatorURL,
  };
}
