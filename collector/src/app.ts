import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '#config/schema.ts';
import { openTokens } from '#config/secrets.ts';
import { systemClock } from '#core/clock.ts';
import { createIngestObserver } from '#self/ingest-observer.ts';
import { createLogger } from '#self/logger.ts';
import { createMetrics } from '#self/metrics.ts';
import { selfResource } from '#self/self-target.ts';
import { createBackOfficeLink } from './back-office/link.ts';
import { createCleanupStack } from './lifecycle.ts';
import { startOwnTelemetry } from './own-telemetry.ts';

export interface RunningApp {
  otlpHttpUrl: string;
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
  const tokens = openTokens(config.data_dir, config.token);
  const selfToken = randomBytes(24).toString('base64url');
  const instanceId = randomUUID();
  const { log: logConfig, telemetry } = config.self;

  const metrics = createMetrics('main');
  const logger = createLogger(logConfig, {
    thread: 'main',
    dir: join(config.data_dir, 'logs'),
    stdout: deps.stdout,
    stdoutIsTerminal: deps.stdout.isTTY === true,
    stderr: deps.stderr,
    onLostLine: () => metrics.countLostLogLine(),
    onRecord: metrics.countLogRecord,
  });
  const log = logger.child('app');
  const cleanups = createCleanupStack((name, error) => log.error(`stopping the ${name} failed`, { error }));
  cleanups.push('logger', () => logger.close());
  cleanups.push('metrics', () => metrics.stop());

  try {
    const backOffice = createBackOfficeLink(
      { config, tokens, version: deps.version, startedUnixNano, selfToken, instanceId },
      {
        receiveLog: (record) => logger.receive(record),
        collectMetrics: () => metrics.toJson(),
        onLost: (message) => {
          log.error('the back office was lost', { reason: message });
          deps.onFatal(message);
        },
      },
    );
    cleanups.push('back office', () => backOffice.stop());
    // The worker needs longer than loading the receiver does, so the one waits beside the other.
    const [{ consoleUrl }, { createOtlpHttpReceiver }] = await Promise.all([
      backOffice.start(),
      import('#receivers/otlp-http/server.ts'),
    ]);

    const observer = createIngestObserver(
      {
        receiver: 'otlp_http',
        transport: 'http',
        traceSampleRatio: telemetry.enabled ? telemetry.trace_sample_ratio : 0,
        summaryIntervalMs: logConfig.summary_interval_seconds * 1000,
      },
      { logger: logger.child('otlp_http'), metrics, random: Math.random },
    );
    cleanups.push('ingest observer', () => observer.stop());
    const receiver = createOtlpHttpReceiver(config.otlp_http, {
      sink: backOffice,
      clock: systemClock,
      observer,
      selfToken,
    });
    cleanups.push('receiver', () => receiver.stop());
    const { url: otlpHttpUrl } = await receiver.start();
    backOffice.setReceiving(otlpHttpUrl);
    log.info('started', { otlpHttpUrl, consoleUrl, version: deps.version });

    const resource = selfResource({ version: deps.version, instanceId });
    const target = { receiverUrl: otlpHttpUrl, selfToken, resource };
    const ownTelemetry = startOwnTelemetry(telemetry, {
      target,
      logger,
      metrics,
      backOffice,
      startedUnixNano,
    });
    cleanups.push('own telemetry', () => ownTelemetry.stop());
    cleanups.push('readiness', () => backOffice.setStopping());
    return { otlpHttpUrl, consoleUrl, operatorToken: tokens.operator, stop: () => cleanups.run() };
  } catch (error) {
    await cleanups.run();
    throw error;
  }
}
