import { getJson, type Question } from './ask.ts';
import { COUNTER, type Smoke } from './telemetry.ts';

export interface CollectorAddress {
  consoleUrl: string;
  operatorToken: string;
  /** Alerts come from Alertmanager here. */
  hearsAlerts: boolean;
}

/** Whether the collector's own API finds what was sent, wherever it is kept, and accounts for it. */
export function collectorQuestions(smoke: Smoke, address: CollectorAddress): Question[] {
  const { consoleUrl, hearsAlerts, operatorToken } = address;
  const get = (path: string) => getJson(`${consoleUrl}${path}`, operatorToken);
  const hint = 'See `docker compose logs collector` and the Data page.';
  return [
    {
      name: 'trace with its log record, from the collector',
      hint,
      async ask() {
        const { logs, spans } = (await get(`/api/v1/traces/${smoke.traceId}`)) as Record<string, unknown[]>;
        return spans?.length === 1 && logs?.length === 1 ? '1 span, 1 log record' : null;
      },
    },
    {
      name: 'log record from the collector',
      hint,
      async ask() {
        const { logs } = (await get(`/api/v1/logs?traceId=${smoke.traceId}`)) as {
          logs: { body: unknown }[];
        };
        return logs.length === 0 ? null : String(logs[0]!.body);
      },
    },
    {
      name: 'metric from the collector',
      hint,
      async ask() {
        const { series } = (await get(`/api/v1/metrics/${COUNTER}?by=smoke.id`)) as { series: object[] };
        return JSON.stringify(series).includes(smoke.id) ? 'found by its name' : null;
      },
    },
    {
      name: 'every account of the collector is balanced',
      hint,
      async ask() {
        const { balanced, destinations } = (await get('/api/v1/accounting')) as {
          balanced: boolean;
          destinations: { destination: string }[];
        };
        const names = [...new Set(destinations.map(({ destination }) => destination))];
        return balanced ? names.join(', ') : null;
      },
    },
    ...(hearsAlerts ? [alertsArrive(get)] : []),
  ];
}

function alertsArrive(get: (path: string) => Promise<unknown>): Question {
  return {
    name: 'alert Watchdog in the collector, through Alertmanager',
    hint: 'See `docker compose logs alertmanager`: it posts to /api/v1/alerts/webhook with the machine token.',
    async ask() {
      const { watchdog } = (await get('/api/v1/alerts')) as {
        watchdog: { isHeard: boolean; lastNotifiedUnixNano: string } | null;
      };
      if (watchdog?.isHeard !== true) return null;
      return `told ${new Date(Number(BigInt(watchdog.lastNotifiedUnixNano) / 1_000_000n)).toISOString()}`;
    },
  };
}
