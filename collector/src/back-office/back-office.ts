import { join } from 'node:path';
import { createApiServer } from '#api/server.ts';
import { systemClock } from '#core/clock.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import type { Sink } from '#core/sink.ts';
import { createStoreQuery } from '#query/over-store/store-query.ts';
import { createHealthRegistry, type HealthRegistry } from '#self/health.ts';
import type { RootLogger } from '#self/logger.ts';
import { createMetrics, type MetricJson, type Metrics, toOpenMetrics } from '#self/metrics.ts';
import { createStore, type Store } from '#store/store.ts';
import type { BackOfficeSettings } from './messages.ts';
import { createWriteWatch } from './write-watch.ts';

/** Store, query, API and console: everything but ingest. */
export interface BackOffice extends Sink {
  readonly metrics: Metrics;
  readonly consoleUrl: string;
  /** The receiver listens at `url`: from now on ready. */
  setReceiving(url: string): void;
  setStopping(): void;
  /** Commits what is queued, then closes. */
  stop(): Promise<void>;
}

export interface BackOfficeDeps {
  logger: RootLogger;
  collectMainMetrics(): Promise<MetricJson[]>;
}

const CHECK_TIMEOUT_MS = 2000;
const GAUGE_INTERVAL_MS = 5000;
const CONSOLE_FOLDER = join(import.meta.dirname, '../../console/dist');

export async function startBackOffice(
  settings: BackOfficeSettings,
  deps: BackOfficeDeps,
): Promise<BackOffice> {
  const { config, version } = settings;
  const log = deps.logger.child('store');
  const metrics = createMetrics('worker');
  let receiverUrl: string | null = null;
  const writes = createWriteWatch(log, () => performance.now());
  const store = await createStore(config.store, {
    folder: join(config.data_dir, 'store'),
    clock: systemClock,
    queryTimeoutMs: config.console.query_timeout_seconds * 1000,
    events: {
      damaged: (report) => log.error('a damaged file of the store was set aside', { ...report }),
      expired(report) {
        log.info('a file of the store reached its limit and was removed', { ...report });
        for (const counted of report.items) metrics.countStoreExpired(counted);
      },
      failed({ error, what }) {
        if (what === 'write') writes.failed(error);
        else log.error(`the store failed: ${what}`, { error });
      },
    },
  });
  store.onCommit(() => writes.succeeded());
  const health = createHealthRegistry({ version, serviceId: settings.instanceId, now: Date.now });
  health.register('store:responseTime', () => checkStore(store), CHECK_TIMEOUT_MS);
  health.register('store:writes', async () => checkWrites(writes.failure()), CHECK_TIMEOUT_MS);
  health.register('otlp_http:listening', async () => checkReceiver(receiverUrl), CHECK_TIMEOUT_MS);
  const capacity = config.store.queue_max_bytes;
  const gauges = setInterval(() => {
    const { bytes, queuedBytes } = store.stats();
    metrics.setStoreBytes(bytes);
    metrics.setExporterQueue({ exporter: 'store', size: queuedBytes, capacity });
  }, GAUGE_INTERVAL_MS);
  const api = await startApi(
    { settings, store, health, metrics, receiverUrl: () => receiverUrl },
    deps,
  ).catch(async (error: unknown) => {
    clearInterval(gauges);
    await store.close();
    throw error;
  });
  return {
    metrics,
    offer: (payload) => offerCounted(store, metrics, payload),
    consoleUrl: api.url,
    setReceiving: (url) => {
      receiverUrl = url;
    },
    setStopping: () => health.setStopping(),
    async stop() {
      clearInterval(gauges);
      await api.stop();
      await store.close();
      metrics.stop();
    },
  };
}

interface ApiParts {
  settings: BackOfficeSettings;
  store: Store;
  health: HealthRegistry;
  metrics: Metrics;
  receiverUrl(): string | null;
}

async function startApi(
  parts: ApiParts,
  deps: BackOfficeDeps,
): Promise<{ url: string; stop(): Promise<void> }> {
  const { health, metrics, receiverUrl, store } = parts;
  const { config, startedUnixNano, tokens, version } = parts.settings;
  const api = await createApiServer(config.console, {
    query: createStoreQuery(store, systemClock),
    clock: systemClock,
    version,
    startedUnixNano,
    otlpHttpUrl: () => receiverUrl() ?? '',
    storeStatus: () => storeStatus(store, config.store),
    health,
    readMetrics: async () => toOpenMetrics([await deps.collectMainMetrics(), await metrics.toJson()]),
    logger: deps.logger.child('api'),
    metrics,
    tokens,
    consoleFolder: CONSOLE_FOLDER,
    traceSampleRatio: config.self.telemetry.enabled ? config.self.telemetry.api_trace_sample_ratio : 0,
  });
  const { url } = await api.start();
  return { url, stop: () => api.stop() };
}

async function offerCounted(store: Store, metrics: Metrics, payload: Payload): Promise<Outcome> {
  const { items, signal } = payload;
  const outcome = await store.offer(payload);
  const sent = outcome.kind === 'accepted' ? items : 0;
  metrics.countExporterItems({ exporter: 'store', signal, sent, sendFailed: items - sent });
  return outcome;
}

async function checkStore(store: Store) {
  await store.read('SELECT 1', {});
  const { queuedBytes } = store.stats();
  return { status: 'pass' as const, observedValue: queuedBytes, observedUnit: 'bytes waiting' };
}

/** What cannot be written is refused with 503, so who sends should know it is not ready. */
function checkWrites(failure: string | null) {
  return failure === null
    ? { status: 'pass' as const }
    : { status: 'fail' as const, message: `the last commit failed: ${failure}` };
}

function checkReceiver(url: string | null) {
  return url === null
    ? { status: 'fail' as const, message: 'the receiver does not listen yet' }
    : { status: 'pass' as const, observedValue: url };
}

function storeStatus(store: Store, limits: { max_bytes: number; max_age_days: number }) {
  const { bytes, days, expired } = store.stats();
  return { bytes, days, expired, maxBytes: limits.max_bytes, maxAgeDays: limits.max_age_days };
}
