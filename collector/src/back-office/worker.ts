import { parentPort, workerData } from 'node:worker_threads';
import { OperatorError } from '#core/errors.ts';
import type { Payload } from '#core/payload.ts';
import { createLogger } from '#self/logger.ts';
import type { MetricJson } from '#self/metrics.ts';
import { selfResource } from '#self/self-target.ts';
import type { Tracing } from '#self/tracing.ts';
import { createAsking } from './ask.ts';
import { type BackOffice, startBackOffice } from './back-office.ts';
import type { BackOfficeSettings, FromBackOffice, ToBackOffice } from './messages.ts';

const settings = workerData as BackOfficeSettings;
const send = (message: FromBackOffice) => parentPort!.postMessage(message);
const mainMetrics = createAsking<MetricJson[]>();
const logger = createLogger(settings.config.self.log, {
  thread: 'worker',
  forward: (record) => send({ kind: 'log', record }),
  stdout: process.stdout,
  stderr: process.stderr,
  stdoutIsTerminal: false,
});
let tracing: Tracing | null = null;

const starting = startBackOffice(settings, {
  logger,
  collectMainMetrics: () => mainMetrics.ask((id) => send({ kind: 'collect', id })),
});

parentPort!.on('message', (message: ToBackOffice) => {
  if (message.kind === 'collected') return mainMetrics.answer(message.id, message.metrics);
  starting.then((office) => handle(office, message)).catch(report);
});

starting.then((office) => send({ kind: 'started', consoleUrl: office.consoleUrl })).catch(report);

async function handle(office: BackOffice, message: ToBackOffice): Promise<void> {
  if (message.kind === 'offer') return offer(office, message);
  if (message.kind === 'collect') {
    send({ kind: 'collected', id: message.id, metrics: await office.metrics.toJson() });
  } else if (message.kind === 'receiving') {
    office.setReceiving(message.url);
    await startOwnTracing(office, message.url);
  } else if (message.kind === 'stopping') {
    office.setStopping();
    await tracing?.stop();
  } else if (message.kind === 'stop') {
    await office.stop();
    send({ kind: 'stopped' });
    parentPort!.close();
  }
}

async function offer(office: BackOffice, { id, payload }: { id: number; payload: Payload }): Promise<void> {
  send({ kind: 'outcome', id, outcome: await office.offer(payload) });
}

/** The SDK is large, so it is loaded when everything else is up. */
async function startOwnTracing(office: BackOffice, receiverUrl: string): Promise<void> {
  const { config, instanceId, selfToken, version } = settings;
  if (!config.self.telemetry.enabled) return;
  const { startTracing } = await import('#self/tracing.ts');
  tracing = startTracing({
    target: { receiverUrl, selfToken, resource: selfResource({ version, instanceId }) },
    thread: 'worker',
    onFailedExport: office.metrics.countTelemetryFailure,
  });
}

function report(error: unknown): void {
  const isOperator = error instanceof OperatorError;
  const message = isOperator ? error.message : ((error as Error).stack ?? String(error));
  send({ kind: 'failed', message, isOperator });
}
