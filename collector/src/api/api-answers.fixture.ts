import type { AccountingReport } from '#core/accounting.ts';
import { rawJson } from '#core/exact-json.ts';
import type { ProcessorCount } from '#core/processor-count.ts';
import type { ProcessorsDescription } from '#core/processor-description.ts';
import type { Signal } from '#core/signal.ts';
import type { TryOutResult } from '#core/try-out.ts';
import type { LogResult, LogTail } from '#query/log-results.ts';
import type { Query } from '#query/query.ts';
import type { MetricIdentity } from '#query/results.ts';

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
export const SPAN_ID = 'b7ad6b7169203331';
/** Beyond what a JavaScript number holds exactly. */
export const EXACT = '{"big":9223372036854775807,"small":-9223372036854775808,"ratio":1.0}';

const NANO = '1767225600123456789';
const RESOURCE = {
  attributes: rawJson(EXACT),
  droppedAttributesCount: 0,
  schemaUrl: '',
  entityRefs: rawJson('[]'),
};
const SCOPE = {
  name: 'lib',
  version: '1',
  attributes: rawJson('{}'),
  droppedAttributesCount: 0,
  schemaUrl: '',
};
const RED = {
  requests: 3,
  requestsPerSecond: 0.5,
  errors: 1,
  errorRatio: 0.33,
  p50Ms: 1.5,
  p95Ms: 2,
  p99Ms: null,
};
const IDENTITY: MetricIdentity = {
  name: 'http.server.request.duration',
  description: 'Duration',
  unit: 's',
  type: 'histogram',
  temporality: 'cumulative',
  monotonic: false,
};

export const LOG: LogResult = {
  id: '17',
  timeUnixNano: NANO,
  observedTimeUnixNano: NANO,
  severityNumber: 17,
  severityText: 'ERROR',
  service: 'shop',
  body: rawJson('"it broke"'),
  eventName: '',
  traceId: TRACE_ID,
  spanId: null,
  flags: 1,
  attributes: rawJson(EXACT),
  droppedAttributesCount: 0,
  resource: RESOURCE,
  scope: SCOPE,
};

const SPAN = {
  spanId: SPAN_ID,
  parentSpanId: null,
  name: 'GET /cart',
  kind: 'SERVER',
  service: 'shop',
  startTimeUnixNano: NANO,
  endTimeUnixNano: NANO,
  durationNano: 5,
  clockOffsetNano: -3,
  statusCode: 'ERROR',
  statusMessage: 'no stock',
  traceState: '',
  flags: 1,
  attributes: rawJson(EXACT),
  droppedAttributesCount: 0,
  events: rawJson(
    `[{"timeUnixNano":"${NANO}","name":"exception","attributes":{},"droppedAttributesCount":0}]`,
  ),
  droppedEventsCount: 0,
  links: rawJson('[]'),
  droppedLinksCount: 0,
  resource: 0,
  scope: 0,
};

export const ANSWERS: Query = {
  services: async () => ({
    services: [
      {
        service: 'shop',
        ...RED,
        spans: 9,
        lastSeenUnixNano: NANO,
        sparkline: { startUnixNano: NANO, stepSeconds: 60, requests: [3], errors: [1], p95Ms: [null] },
        operations: [{ operation: 'GET /cart', kind: 'SERVER', ...RED }],
        operationsTotal: 1,
      },
    ],
    servicesTotal: 1,
  }),
  traces: async () => ({
    traces: [
      {
        traceId: TRACE_ID,
        rootService: 'shop',
        rootOperation: 'GET /cart',
        rootMissing: false,
        startTimeUnixNano: NANO,
        durationNano: 5,
        spans: 1,
        errors: 1,
        matchedSpanId: SPAN_ID,
        services: [{ service: 'shop', spans: 1, errors: 1 }],
      },
    ],
    nextCursor: 'next',
  }),
  trace: async (traceId) =>
    traceId === TRACE_ID
      ? {
          traceId,
          startTimeUnixNano: NANO,
          durationNano: 5,
          spans: [SPAN],
          spansTotal: 1,
          resources: [RESOURCE],
          scopes: [SCOPE],
          logs: [LOG],
          logsTotal: 1,
          logsProblem: null,
        }
      : null,
  logs: async () => ({ logs: [LOG], nextCursor: null, wordsIn: 'body_and_attributes' }),
  tailLogs: () => createFakeTail().tail,
  metrics: async () => ({
    metrics: [{ ...IDENTITY, series: 1, services: ['shop'], lastSeenUnixNano: NANO }],
    nextCursor: null,
  }),
  metric: async ({ name }) =>
    name === IDENTITY.name
      ? {
          ...IDENTITY,
          stat: 'p95',
          stepSeconds: 15,
          attributeKeys: [{ key: 'http.route', values: 2 }],
          series: [
            {
              service: 'shop',
              attributes: rawJson(EXACT),
              points: [
                [1767225600, 0.5],
                [1767225615, null],
              ],
            },
          ],
          seriesTotal: 1,
          seriesLeftOut: 0,
          exemplars: [{ timeUnixNano: NANO, value: 0.5, traceId: TRACE_ID, spanId: null }],
        }
      : null,
  received: async () => ({ traces: 1000, metrics: 0, logs: 3 }),
};

/** One destination that is up to date and one that is behind; both sums hold. */
export const ACCOUNTING: AccountingReport = {
  journals: [
    {
      signal: 'traces',
      accepted: 120,
      bytes: 4096,
      maxBytes: 1_048_576,
      maxAgeSeconds: 172_800,
      segments: 2,
      oldestUnixMs: 1_767_225_600_123,
      failure: null,
    },
    {
      signal: 'logs',
      accepted: 0,
      bytes: 0,
      maxBytes: 1_048_576,
      maxAgeSeconds: 172_800,
      segments: 0,
      oldestUnixMs: null,
      failure: 'no space left on device',
    },
  ],
  destinations: [
    {
      destination: 'store',
      signal: 'traces',
      accepted: 120,
      delivered: 120,
      waiting: 0,
      expired: 0,
      refused: 0,
      deadLettered: 0,
      damaged: 0,
      oldestWaitingUnixMs: null,
      state: 'idle',
      lastError: null,
      nextAttemptUnixMs: null,
    },
    {
      destination: 'otlp',
      signal: 'traces',
      accepted: 120,
      delivered: 64,
      waiting: 32,
      expired: 16,
      refused: 5,
      deadLettered: 2,
      damaged: 1,
      oldestWaitingUnixMs: 1_767_225_600_123,
      state: 'retrying',
      lastError: 'connect ECONNREFUSED 127.0.0.1:4319',
      nextAttemptUnixMs: 1_767_225_605_000,
    },
  ],
  warnings: [
    {
      code: 'delta_temporality',
      message: 'some may be lost',
      points: 12,
      services: ['shop', 'stock'],
      lastUnixMs: 1_767_225_600_123,
    },
  ],
  processors: [
    counted('redact email redacted logs shop', 1204),
    counted('redact user-id hashed traces shop', 30),
    counted('sample drop:health_checks dropped traces shop', 90),
    counted('sample drop:health_checks dropped traces stock', 6),
    counted('sample rate_limit:rate_limits[0] dropped logs shop', 7),
  ],
};

function counted(words: string, count: number): ProcessorCount {
  const [processor, rule, action, signal, service] = words.split(' ') as [
    string,
    string,
    string,
    Signal,
    string,
  ];
  return { processor, rule, action, signal, service, count, lastUnixMs: 1_767_225_600_123 };
}

export const DESCRIPTION: ProcessorsDescription = {
  sections: [{ processor: 'redact', title: 'Redaction', isOn: true, summary: '21 of 22 rules are on' }],
  rules: [
    { name: 'email', title: 'E-mail addresses', isOn: true },
    { name: 'ip', title: 'IP addresses', isOn: false },
  ],
  contentModes: { mode: 'redacted', services: [{ service: 'bank', mode: 'metadata' }] },
};

export const TRIED: TryOutResult = {
  ok: true,
  signal: null,
  before: '',
  after: 'mail [redacted:email]',
  changes: [{ processor: 'redact', rule: 'email', action: 'redacted', count: 1 }],
  warning: '',
};

/** A tail that hands out what is pushed; `isClosed` tells whether the server let go of it. */
export function createFakeTail() {
  const waiting: { logs: LogResult[]; dropped: number }[] = [];
  let wake = () => {};
  let failure: Error | null = null;
  const state = { isClosed: false, taken: 0 };
  const tail: LogTail = {
    async next(signal) {
      while (waiting.length === 0 && failure === null && !signal.aborted) {
        const news = Promise.withResolvers<void>();
        wake = news.resolve;
        signal.addEventListener('abort', wake, { once: true });
        await news.promise;
      }
      if (failure !== null) throw failure;
      state.taken++;
      return waiting.shift() ?? { logs: [], dropped: 0 };
    },
    close() {
      state.isClosed = true;
    },
  };
  return {
    tail,
    state,
    push(logs: LogResult[], dropped = 0) {
      waiting.push({ logs, dropped });
      wake();
    },
    fail(error: Error) {
      failure = error;
      wake();
    },
  };
}

/** A notification as Alertmanager 0.34 sends it: an alert that fires, one that is over, and the Watchdog. */
export const NOTIFICATION = {
  receiver: 'signalbox',
  status: 'firing',
  alerts: [
    webhookAlert(
      { alertname: 'HighErrorRate', severity: 'critical', service_name: 'shop' },
      'c0ffee0000000001',
    ),
    {
      ...webhookAlert({ alertname: 'DiskFull', severity: 'warning', job: 'collector' }, 'c0ffee0000000002'),
      status: 'resolved',
      endsAt: '2026-01-31T10:20:00Z',
    },
    webhookAlert({ alertname: 'Watchdog', severity: 'none' }, 'c0ffee0000000003'),
  ],
  notification_reason: 'firing',
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  routeLabels: {},
  externalURL: 'http://alertmanager:9093',
  version: '4',
  groupKey: '{}:{}',
  truncatedAlerts: 0,
};

export function webhookAlert(labels: Record<string, string>, fingerprint: string) {
  return {
    status: 'firing',
    labels,
    annotations: { summary: `${labels.alertname} is wrong` },
    startsAt: '2026-01-31T10:11:12.123456789Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus:9090/graph?g0.expr=up',
    fingerprint,
  };
}

/** A server that answers with fixed results, apart from what `query` replaces; its alert book is a real one. */
