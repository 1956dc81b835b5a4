import { join } from 'node:path';
import { type Access, openAccess } from '#access/access.ts';
import { type AlertBook, openAlertBook } from '#alerts/alert-book.ts';
import { createApiServer } from '#api/server.ts';
import type { Config } from '#config/schema.ts';
import type { AccountingReport } from '#core/accounting.ts';
import { systemClock } from '#core/clock.ts';
import type { Signal } from '#core/signal.ts';
import { createDeadLetters } from '#exporters/dead-letter/dead-letters.ts';
import { createExporterObserver } from '#exporters/exporter-observer.ts';
import type { JournalView } from '#journal/segments.ts';
import { openKeyBook } from '#keys/key-book.ts';
import type { KeysReport } from '#keys/open-keys.ts';
import { asksEngines } from '#query/over-engines/config.ts';
import { createEnginesQuery } from '#query/over-engines/engines-query.ts';
import { createStoreQuery } from '#query/over-store/store-query.ts';
import type { Query } from '#query/query.ts';
import { createHealthRegistry, type HealthRegistry } from '#self/health.ts';
import type { Logger } from '#self/log-record.ts';
import type { RootLogger } from '#self/logger.ts';
import { createMetrics, type MetricJson, type Metrics, toOpenMetrics } from '#self/metrics.ts';
import { createStore, type Store } from '#store/store.ts';
import { checkJournals, checkKeys, checkReceiver, checkStore, checkWrites } from './health-checks.ts';
import type { BackOfficeSettings } from './messages.ts';
import { createProcessorsView } from './processors.ts';
import { createStoreExporter } from './store-exporter.ts';
import { createWriteWatch, type WriteWatch } from './write-watch.ts';

/** Store, query, API and console: everything but ingest. */
export interface BackOffice {
  readonly metrics: Metrics;
  readonly consoleUrl: string;
  /** A journal of the main thread as it is now. */
  setJournal(signal: Signal, view: JournalView): void;
  /** Begins to bring the journals to the store; all three must have been told. */
  consume(): Promise<void>;
  /** The receiver listens at `url`: from now on ready. */
  setReceiving(url: string): void;
  setStopping(): void;
  /** Ends the commit under way, then closes; what is queued stays in the journals. */
  stop(): Promise<void>;
}

export interface BackOfficeDeps {
  logger: RootLogger;
  collectMainMetrics(): Promise<MetricJson[]>;
  /** The journals, and the destinations of the main thread. */
  readMainAccounting(): Promise<AccountingReport>;
  /** API keys as the receivers see them. */
  readMainKeys(): Promise<KeysReport>;
  /** The store needs this signal's journal from `sequence` on. */
  onNeeded(signal: Signal, sequence: number): void;
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
  // First of all: a file of users that cannot be read ends the start before anything is opened.
  const access = await openAccessOf(settings, deps.logger.child('access'));
  const writes = createWriteWatch(log, () => performance.now());
  const store = await openStore(config, { log, metrics, writes });
  store.onCommit(() => writes.succeeded());
  const exporter = asksEngines(config.engines)
    ? null
    : createStoreExporter(config.store, {
        store,
        deadLettersOf: (signal) =>
          createDeadLetters({ dataDir: config.data_dir, destination: 'store', signal }),
        observer: createExporterObserver({ metrics, logger: deps.logger.child('store') }),
        onNeeded: deps.onNeeded,
      });
  const readAccounting = async () => {
    const main = await deps.readMainAccounting();
    return { ...main, destinations: [...(exporter?.accounts() ?? []), ...main.destinations] };
  };
  const alerts = await openAlerts(config.data_dir, { logger: deps.logger.child('alerts'), metrics });
  const health = createHealthRegistry({ version, serviceId: settings.instanceId, now: Date.now });
  const readKeys = deps.readMainKeys;
  registerChecks(health, {
    store,
    access,
    alerts,
    writes,
    readAccounting,
    readKeys,
    receiverUrl: () => receiverUrl,
  });
  const gauges = setInterval(() => {
    metrics.setStoreBytes(store.stats().bytes);
    void readAccounting().then(metrics.setAccounts, () => undefined);
  }, GAUGE_INTERVAL_MS);
  const api = await startApi(
    { settings, store, access, alerts, health, metrics, readAccounting, receiverUrl: () => receiverUrl },
    deps,
  ).catch(async (error: unknown) => {
    clearInterval(gauges);
    await store.close();
    throw error;
  });
  return {
    metrics,
    setJournal: (signal, view) => exporter?.setView(signal, view),
    consume: async () => exporter?.start(),
    consoleUrl: api.url,
    setReceiving: (url) => {
      receiverUrl = url;
    },
    setStopping: () => health.setStopping(),
    async stop() {
      clearInterval(gauges);
      await api.stop();
      await access.close();
      await alerts.close();
      await exporter?.stop();
      await store.close();
      metrics.stop();
    },
  };
}

function openStore(
  config: Config,
  { log, metrics, writes }: { log: Logger; metrics: Metrics; writes: WriteWatch },
): Promise<Store> {
  return createStore(config.store, {
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
}

function registerChecks(
  health: HealthRegistry,
  {
    access,
    alerts,
    readAccounting,
    readKeys,
    receiverUrl,
    store,
    writes,
  }: Omit<ApiParts, 'settings' | 'health' | 'metrics'> & {
    writes: WriteWatch;
    readKeys(): Promise<KeysReport>;
  },
): void {
  health.register('journal:writes', async () => checkJournals(await readAccounting()), CHECK_TIMEOUT_MS);
  health.register('store:responseTime', () => checkStore(store), CHECK_TIMEOUT_MS);
  health.register('store:writes', async () => checkWrites(writes.failure()), CHECK_TIMEOUT_MS);
  health.register('alerts:writes', async () => checkWrites(alerts.failure()), CHECK_TIMEOUT_MS);
  health.register('keys:readable', async () => checkKeys(await readKeys()), CHECK_TIMEOUT_MS);
  health.register('audit:writes', async () => checkWrites(access.audit.failure()), CHECK_TIMEOUT_MS);
  health.register('otlp_http:listening', async () => checkReceiver(receiverUrl()), CHECK_TIMEOUT_MS);
}

function openAccessOf({ config, tokens }: BackOfficeSettings, logger: Logger): Promise<Access> {
  return openAccess(config.access, { dataDir: config.data_dir, tokens, nowMs: Date.now, logger });
}

function openAlerts(dataDir: string, deps: { logger: Logger; metrics: Metrics }): Promise<AlertBook> {
  return openAlertBook(join(dataDir, 'alerts'), { ...deps, clock: systemClock });
}

/** Whoever keeps the raw signals answers. */
function openQuery({ console: { query_timeout_seconds }, engines }: Config, store: Store): Query {
  if (!asksEngines(engines)) return createStoreQuery(store, systemClock);
  return createEnginesQuery(engines, { clock: systemClock, timeoutMs: query_timeout_seconds * 1000 });
}

interface ApiParts {
  settings: BackOfficeSettings;
  store: Store;
  access: Access;
  alerts: AlertBook;
  health: HealthRegistry;
  metrics: Metrics;
  readAccounting(): Promise<AccountingReport>;
  receiverUrl(): string | null;
}

async function startApi(
  parts: ApiParts,
  deps: BackOfficeDeps,
): Promise<{ url: string; stop(): Promise<void> }> {
  const { access, alerts, health, metrics, receiverUrl, store } = parts;
  const { config, startedUnixNano, tokens, version } = parts.settings;
  const api = await createApiServer(config.console, {
    query: openQuery(config, store),
    alerts,
    clock: systemClock,
    version,
    startedUnixNano,
    otlpHttpUrl: () => config.otlp_http.public_url || (receiverUrl() ?? ''),
    storeStatus: () => storeStatus(store, config.store),
    readAccounting: parts.readAccounting,
    keyBook: openKeyBook(config.data_dir),
    keysConfig: config.keys,
    readKeys: deps.readMainKeys,
    ...createProcessorsView(config, tokens.hashKey),
    health,
    readMetrics: async () => toOpenMetrics([await deps.collectMainMetrics(), await metrics.toJson()]),
    logger: deps.logger.child('api'),
    metrics,
    access,
    consoleFolder: CONSOLE_FOLDER,
    traceSampleRatio: config.self.telemetry.enabled ? config.self.telemetry.api_trace_sample_ratio : 0,
  });
  const { url } = await api.start();
  return { url, stop: () => api.stop() };
}

function storeStatus(store: Store, limits: { max_bytes: number; max_age_days: number }) {
  const { bytes, days, expired } = store.stats();
  return { bytes, days, expired, maxBytes: limits.max_bytes, maxAgeDays: limits.max_age_days };
}
