import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { accessConfigOf } from '#access/access.fixture.ts';
import { openAccess } from '#access/access.ts';
import { openAlertBook } from '#alerts/alert-book.ts';
import type { AccountingReport } from '#core/accounting.ts';
import { type Clock, systemClock } from '#core/clock.ts';
import type { TryOutInput, TryOutResult } from '#core/try-out.ts';
import { type KeysConfig, keysSchema } from '#keys/config.ts';
import { openKeyBook } from '#keys/key-book.ts';
import type { KeysReport } from '#keys/open-keys.ts';
import type { Query } from '#query/query.ts';
import { createHealthRegistry } from '#self/health.ts';
import { createMemoryLogger } from '#self/memory-logger.fixture.ts';
import { createMetrics } from '#self/metrics.ts';
import { ACCOUNTING, ANSWERS, DESCRIPTION, TRIED } from './api-answers.fixture.ts';
import type { ConsoleConfig } from './config.ts';
import { createApiServer } from './server.ts';

export const OPERATOR = 'operator-token-of-the-test';
export const MACHINE = 'machine-token-of-the-test';
export const AS_OPERATOR = { authorization: `Bearer ${OPERATOR}` };
export const AS_MACHINE = { authorization: `Bearer ${MACHINE}` };

export async function createTestApi(
  options: {
    query?: Partial<Query>;
    readAccounting?: () => Promise<AccountingReport>;
    tryOut?: (input: TryOutInput) => Promise<TryOutResult>;
    readKeys?: () => Promise<KeysReport>;
    config?: Partial<ConsoleConfig>;
    clock?: Clock;
    consoleFolder?: string;
    /** Sections of `access` that are not as by default. */
    access?: object;
  } = {},
) {
  const { clock = systemClock } = options;
  const logger = createMemoryLogger();
  const metrics = createMetrics('worker');
  const alertsFolder = await mkdtemp(join(tmpdir(), 'alerts-'));
  const dataDir = await mkdtemp(join(tmpdir(), 'access-'));
  const access = await openAccess(accessConfigOf(options.access), {
    dataDir,
    tokens: { operator: OPERATOR, machine: MACHINE },
    nowMs: () => Number(clock() / 1_000_000n),
    logger,
  });
  const health = createHealthRegistry({ version: '1.2.3', serviceId: 'test', now: Date.now });
  const config = {
    host: '127.0.0.1',
    port: 0,
    allowed_hosts: [],
    public_url: '',
    tls: { cert_file: '', key_file: '', client_ca_file: '', min_version: '1.2' as const },
    query_timeout_seconds: 30,
    max_tails: 2,
  };
  const api = await createApiServer(
    { ...config, ...options.config },
    {
      query: { ...ANSWERS, ...options.query },
      alerts: await openAlertBook(alertsFolder, { clock, logger, metrics }),
      clock,
      version: '1.2.3',
      startedUnixNano: 1_767_225_600_123_456_789n,
      otlpHttpUrl: () => 'http://127.0.0.1:4318',
      storeStatus: () => ({
        bytes: 10,
        maxBytes: 100,
        maxAgeDays: 14,
        days: [{ day: '2026-01-01', bytes: 10, state: 'ok' }],
        expired: [{ signal: 'traces', reason: 'age', items: 4 }],
      }),
      readAccounting: options.readAccounting ?? (async () => ACCOUNTING),
      keyBook: openKeyBook(dataDir, { nowMs: () => Number(clock() / 1_000_000n) }),
      keysConfig: keysConfig(),
      readKeys: options.readKeys ?? (async () => ({ failure: null, usage: {} })),
      describeProcessors: async () => DESCRIPTION,
      tryOut: options.tryOut ?? (async ({ text }) => ({ ...TRIED, before: text })),
      hashUserId: async (value) => `hmac:${value.length}`,
      health,
      readMetrics: async () => ({
        contentType: 'application/openmetrics-text; version=1.0.0',
        text: '# EOF\n',
      }),
      logger,
      metrics,
      access,
      consoleFolder: options.consoleFolder ?? import.meta.dirname,
      traceSampleRatio: 0,
    },
  );
  const { app } = api;
  return {
    ...api,
    logger,
    health,
    alertsFolder,
    access,
    dataDir,
    /** A GET as the operator. */
    get: (url: string) => app.inject({ url, headers: AS_OPERATOR }),
    async close() {
      await api.stop();
      await access.close();
      metrics.stop();
      await rm(alertsFolder, { recursive: true });
      await rm(dataDir, { recursive: true });
    },
  };
}

/** What a page of ours sends along after a login: cookie, token against foreign pages, and its origin. */
export async function logIn(
  api: Pick<Awaited<ReturnType<typeof createTestApi>>, 'app'>,
  payload: { token: string } | { name: string; password: string },
) {
  const host = 'localhost:8080';
  const response = await api.app.inject({ method: 'POST', url: '/login', headers: { host }, payload });
  const [cookie = ''] = String(response.headers['set-cookie']).split(';');
  const session = await api.app.inject({ url: '/api/v1/session', headers: { host, cookie } });
  const { csrf } = session.json() as { csrf: string };
  return { cookie, headers: { host, cookie, origin: `http://${host}`, 'x-signalbox-csrf': csrf } };
}

/** The section `keys` with its defaults. */
function keysConfig(): KeysConfig {
  const value = {};
  new Ajv({ useDefaults: true, strict: false }).validate(keysSchema, value);
  return value as KeysConfig;
}
