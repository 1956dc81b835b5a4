import { type Alert, alertId, describeAlert } from '#alerts/alert.ts';
import type { AlertBook, AlertSummary } from '#alerts/alert-book.ts';
import type { AlertRequest } from '#alerts/select-alerts.ts';
import type { Clock } from '#core/clock.ts';
import { decodeAlertCursor, encodeAlertCursor } from '../alert-cursor.ts';
import { readNotification } from '../alert-notices.ts';
import { sendProblem } from '../errors.ts';
import { splitWords } from '../params.ts';
import {
  AlertsParams,
  AlertsResponse,
  AlertsWebhookBody,
  AlertsWebhookResponse,
  type Alert as AnsweredAlert,
} from '../schemas/alerts.ts';
import { ApiError } from '../schemas/common.ts';
import type { Api } from './context.ts';

/** Where Alertmanager posts. */
export const WEBHOOK_ROUTE = '/api/v1/alerts/webhook';

/** What is refused is told again each minute and never arrives; what is kept of an alert is bounded by itself. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Three times what Alertmanager lets pass between two notifications of the Watchdog as it is configured here. */
const WATCHDOG_NANO = 900_000_000_000n;

export interface AlertRouteDeps {
  alerts: AlertBook;
  clock: Clock;
}

/** `/api/v1/alerts`: what fires and what did, and the webhook that alerts come in by. */
export function alertRoutes(api: Api, { alerts, clock }: AlertRouteDeps): void {
  api.get(
    '/api/v1/alerts',
    {
      schema: {
        summary: 'Alerts that were told to the webhook, firing ones first',
        querystring: AlertsParams,
        response: { 200: AlertsResponse, 400: ApiError },
      },
    },
    async (request) => {
      const page = alerts.find(readRequest(request.query));
      const { watchdog, ...counts } = alerts.summary();
      const last = page.alerts.at(-1);
      return {
        counts,
        watchdog: describeWatchdog(watchdog, clock()),
        alerts: page.alerts.map(answerAlert),
        nextCursor: page.hasMore && last !== undefined ? encodeAlertCursor(last) : null,
      };
    },
  );
  api.post(
    WEBHOOK_ROUTE,
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        summary: "Takes a notification of Alertmanager's webhook; for the machine token as well",
        body: AlertsWebhookBody,
        response: { 200: AlertsWebhookResponse, 400: ApiError, 413: ApiError, 503: ApiError },
      },
    },
    async (request, reply) => {
      const outcome = await alerts.record(readNotification(request.body));
      if (outcome.kind === 'kept') return { taken: outcome.taken, late: outcome.late };
      reply.header('retry-after', String(outcome.seconds));
      const message = `The alerts could not be written to disk: ${outcome.reason}`;
      return sendProblem(reply, { status: 503, code: 'not_kept', message }) as never;
    },
  );
}

function readRequest({ cursor, limit, q, severity, state }: AlertsParams): AlertRequest {
  return {
    state: state === 'all' ? null : state,
    severity: severity ?? null,
    words: splitWords(q),
    limit,
    after: cursor === undefined ? null : decodeAlertCursor(cursor),
  };
}

function answerAlert(alert: Alert): AnsweredAlert {
  const { endsUnixNano, firstNotifiedUnixNano, lastNotifiedUnixNano, startsUnixNano, ...same } = alert;
  return {
    id: alertId(alert),
    ...describeAlert(alert),
    ...same,
    startsUnixNano: String(startsUnixNano),
    endsUnixNano: endsUnixNano === null ? null : String(endsUnixNano),
    firstNotifiedUnixNano: String(firstNotifiedUnixNano),
    lastNotifiedUnixNano: String(lastNotifiedUnixNano),
  };
}

function describeWatchdog(watchdog: AlertSummary['watchdog'], nowNano: bigint): AlertsResponse['watchdog'] {
  if (watchdog === null) return null;
  const { lastNotifiedUnixNano, state } = watchdog;
  return {
    state,
    lastNotifiedUnixNano: String(lastNotifiedUnixNano),
    isHeard: state === 'firing' && nowNano - lastNotifiedUnixNano <= WATCHDOG_NANO,
  };
}
