import { getJson, type Question } from './ask.ts';
import { SERVICE, type Smoke } from './telemetry.ts';

export interface EngineUrls {
  tempo: string;
  loki: string;
  prometheus: string;
  alertmanager: string;
  grafana: string;
}

const MINUTE_MS = 60_000;

/** Whether each engine has what was sent; those without an address are not asked. */
export function engineQuestions(smoke: Smoke, urls: EngineUrls): Question[] {
  const { alertmanager, grafana, loki, prometheus, tempo } = urls;
  return [
    ...(tempo === '' ? [] : [traceInTempo(smoke, tempo)]),
    ...(loki === '' ? [] : [logInLoki(smoke, loki)]),
    ...(prometheus === '' ? [] : [metricInPrometheus(smoke, prometheus), exemplar(smoke, urls)]),
    ...(alertmanager === '' ? [] : [watchdog(alertmanager)]),
    ...(grafana === '' ? [] : [grafanaUp(grafana)]),
  ];
}

function traceInTempo({ spanId, traceId }: Smoke, url: string): Question {
  return {
    name: 'trace in Tempo, by its id',
    hint: 'See `docker compose logs tempo`, and the Data page for what waits for tempo.',
    async ask() {
      const answer = JSON.stringify(await getJson(`${url}/api/traces/${traceId}`));
      const base64 = Buffer.from(spanId, 'hex').toString('base64');
      return answer.includes(base64) || answer.includes(spanId) ? traceId : null;
    },
  };
}

function logInLoki({ id, sentAtMs, traceId }: Smoke, url: string): Question {
  return {
    name: 'log record in Loki, by its trace id',
    hint: 'See `docker compose logs loki`, and the Data page for what waits for loki.',
    async ask() {
      const query = new URLSearchParams({
        query: `{service_name="${SERVICE}"} | trace_id="${traceId}"`,
        start: `${sentAtMs - MINUTE_MS}000000`,
        end: `${sentAtMs + MINUTE_MS}000000`,
      });
      const { data } = (await getJson(`${url}/loki/api/v1/query_range?${query}`)) as {
        data: { result: { values: [string, string][] }[] };
      };
      const line = data.result.flatMap(({ values }) => values).find(([, text]) => text.includes(id));
      return line === undefined ? null : line[1];
    },
  };
}

function metricInPrometheus({ id }: Smoke, url: string): Question {
  return {
    name: 'metric in Prometheus, by its label',
    hint: 'See `docker compose logs prometheus`, and the Data page for what waits for prometheus.',
    async ask() {
      const query = new URLSearchParams({ query: `signalbox_smoke_requests_total{smoke_id="${id}"}` });
      const { data } = (await getJson(`${url}/api/v1/query?${query}`)) as {
        data: { result: { value: [number, string] }[] };
      };
      return data.result.length === 0 ? null : `value ${data.result[0]!.value[1]}`;
    },
  };
}

function exemplar({ id, sentAtMs, traceId }: Smoke, { prometheus, tempo }: EngineUrls): Question {
  return {
    name: 'exemplar in Prometheus, whose trace id Tempo knows',
    hint: 'Prometheus needs --enable-feature=exemplar-storage.',
    async ask() {
      const query = new URLSearchParams({
        query: `signalbox_smoke_duration_seconds_bucket{smoke_id="${id}"}`,
        start: String(sentAtMs / 1000 - 60),
        end: String(sentAtMs / 1000 + 60),
      });
      const { data } = (await getJson(`${prometheus}/api/v1/query_exemplars?${query}`)) as {
        data: { exemplars: { labels: { trace_id?: string } }[] }[];
      };
      const found = data
        .flatMap(({ exemplars }) => exemplars)
        .find(({ labels }) => labels.trace_id === traceId);
      if (found === undefined) return null;
      if (tempo !== '') await getJson(`${tempo}/api/traces/${found.labels.trace_id}`);
      return traceId;
    },
  };
}

function watchdog(url: string): Question {
  return {
    name: 'alert Watchdog in Alertmanager',
    hint: 'Prometheus evaluates its rules every 15 s; see `docker compose logs prometheus alertmanager`.',
    async ask() {
      const filter = new URLSearchParams({ filter: 'alertname="Watchdog"' });
      const alerts = (await getJson(`${url}/api/v2/alerts?${filter}`)) as { startsAt: string }[];
      return alerts.length === 0 ? null : `since ${alerts[0]!.startsAt}`;
    },
  };
}

function grafanaUp(url: string): Question {
  return {
    name: 'Grafana answers',
    hint: 'See `docker compose logs grafana`.',
    async ask() {
      const { version = '' } = (await getJson(`${url}/api/health`)) as { version?: string };
      return version === '' ? 'healthy' : `healthy, version ${version}`;
    },
  };
}
