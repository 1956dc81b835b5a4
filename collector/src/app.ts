import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '#config/schema.ts';
import { openTokens, type Tokens } from '#config/secrets.ts';
import type { AccountingReport } from '#core/accounting.ts';
import { systemClock } from '#core/clock.ts';
import type { Journals } from '#journal/journals.ts';
import { openKeys } from '#keys/open-keys.ts';
import { createLogger, type RootLogger } from '#self/logger.ts';
import { createMetrics, type Metrics } from '#self/metrics.ts';
import { selfResource } from '#self/self-target.ts';
import { createBackOfficeLink } from './back-office/link.ts';
import type { Exporting } from './exporting.ts';
import { createCleanupStack } from './lifecycle.ts';
import { startOwnTelemetry } from './own-telemetry.ts';
import type { Receiving } from './receiving.ts';

export interface RunningApp {
  otlpHttpUrl: string;
  otlpGrpcUrl: string;
  consoleUrl: string;
  operatorToken: string;
  /** Ends everything in reverse order; what was accepted is on disk then. Twice is harmless. */
  stop(): Promise<void>;
}

export interface AppDeps {
  version: string;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** The process cannot go on: a part of it ended by itself. */
  onFatal(message: string): void;
}

/**
 * Puts the parts together in the order of the flow. When one cannot start, those before it are stopped and
 * the reason is thrown: OperatorError when it is for the operator to mend.
 */
export async function startApp(config: Config, deps: AppDeps): Promise<RunningApp> {
  const startedUnixNano = systemClock();
  const tokens = openTokensOf(config);
  const selfToken = randomBytes(24).toString('base64url');
  const instanceId = randomUUID();
  const metrics = createMetrics('main');
  const logger = openLogger(config, deps, metrics);
  const log = logger.child('app');
  const cleanups = createCleanupStack((name, error) => log.error(`stopping the ${name} failed`, { error }));
  cleanups.push('logger', () => logger.close());
  cleanups.push('metrics', () => metrics.stop());

  try {
    const keys = await openKeys(config, { logger: logger.child('keys'), metrics });
    cleanups.push('keys', () => keys.stop());
    let journals: Journals | null = null;
    let exporting: Exporting | null = null;
    let receiver: Receiving | null = null;
    const backOffice = createBackOfficeLink(
      { config, tokens, version: deps.version, startedUnixNano, selfToken, instanceId },
      {
        receiveLog: (record) => logger.receive(record),
        collectMetrics: () => metrics.toJson(),
        readAccounting: () => reportOf({ journals, exporting, receiver }),
        readKeys: () => keys.report(),
        onNeeded: (signal, sequence) => journals?.of(signal).setNeeded('store', sequence),
        onLost(message) {
          log.error('the back office was lost', { reason: message });
          deps.onFatal(message);
        },
      },
    );
    cleanups.push('back office', () => backOffice.stop());
    // The worker needs longer than loading the parts of ingest does, so the one waits beside the other.
    const [{ consoleUrl }, parts] = await Promise.all([backOffice.start(), loadIngest()]);
    const { createReceiver, destinationsOf, startExporting, startJournals } = parts;

    // The store's lock on the data folder is held from here on: nobody else can be writing the journals.
    journals = await startJournals(config, {
      destinations: destinationsOf(config),
      logger: logger.child('journal'),
      metrics,
    });
    cleanups.push('journals', () => journals?.close());
    cleanups.push('store exporter', await backOffice.consume(journals));
    exporting = await startExporting(config, {
      journals,
      metrics,
      logger: logger.child('exporter'),
      version: deps.version,
    });
    cleanups.push('exporters', () => exporting?.stop());

    const { hashKey, operator: operatorToken } = tokens;
    const shared = { gate: keys.gate, logger, metrics, selfToken, hashKey };
    receiver = createReceiver(config, { ...shared, sink: journals });
    cleanups.push('receiver', () => receiver?.stop());
    const { otlpGrpcUrl, otlpHttpUrl, selfUrl } = await receiver.start();
    backOffice.setReceiving(otlpHttpUrl);
    log.info('started', { otlpHttpUrl, otlpGrpcUrl, consoleUrl, version: deps.version });

    const resource = selfResource({ version: deps.version, instanceId });
    const ownTelemetry = startOwnTelemetry(config.self.telemetry, {
      target: { receiverUrl: selfUrl, selfToken, resource },
      logger,
      metrics,
      backOffice,
      startedUnixNano,
    });
    cleanups.push('own telemetry', () => ownTelemetry.stop());
    cleanups.push('readiness', () => backOffice.setStopping());
    return { otlpHttpUrl, otlpGrpcUrl, consoleUrl, operatorToken, stop: () => cleanups.run() };
  } catch (error) {
    await cleanups.run();
    throw error;
  }
}

async function loadIngest() {
  const loaded = [import('./journaling.ts'), import('./exporting.ts'), import('./receiving.ts')] as const;
  const [journaling, exportingParts, receiving] = await Promise.all(loaded);
  return { ...journaling, ...exportingParts, ...receiving };
}

function openTokensOf({ data_dir, machine_token, redact, token }: Config): Tokens {
  return openTokens(data_dir, { operator: token, machine: machine_token, hashKey: redact.hash_key });
}

function reportOf(parts: {
  journals: Journals | null;
  exporting: Exporting | null;
  receiver: Receiving | null;
}): AccountingReport {
  return {
    journals: parts.journals?.accounts() ?? [],
    destinations: parts.exporting?.accounts() ?? [],
    warnings: parts.receiver?.warnings() ?? [],
    processors: parts.receiver?.processorCounts() ?? [],
  };
}

function openLogger(config: Config, { stderr, stdout }: AppDeps, metrics: Metrics): RootLogger {
  return createLogger(config.self.log, {
    thread: 'main',
    dir: join(config.data_dir, 'logs'),
    stdout,
    stdoutIsTerminal: stdout.isTTY === true,
    stderr,
    onLostLine: () => metrics.countLostLogLine(),
    onRecord: metrics.countLogRecord,
  });
}
