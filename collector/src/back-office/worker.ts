import { parentPort, workerData } from 'node:worker_threads';
import { OperatorError } from '#core/errors.ts';
import { createLogger } from '#self/logger.ts';
import { selfResource } from '#self/self-target.ts';
import type { Tracing } from '#self/tracing.ts';
import { createAsking } from './ask.ts';
import { type BackOffice, startBackOffice } from './back-office.ts';
import type { Answers, BackOfficeSettings, FromBackOffice, Question, ToBackOffice } from './messages.ts';

const settings = workerData as BackOfficeSettings;
const send = (message: FromBackOffice) => parentPort!.postMessage(message);
const asking = createAsking<Answers[Question]>();
const askMain = <Q extends Question>(question: Q) =>
  asking.ask((id) => send({ kind: 'ask', id, question })) as Promise<Answers[Q]>;
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
  collectMainMetrics: () => askMain('metrics'),
  readMainAccounting: () => askMain('accounting'),
  readMainKeys: () => askMain('keys'),
  onNeeded: (signal, sequence) => send({ kind: 'needed', signal, sequence }),
});

parentPort!.on('message', (message: ToBackOffice) => {
  if (message.kind === 'answer') return asking.answer(message.id, message.answer);
  starting.then((office) => handle(office, message)).catch(report);
});

starting.then((office) => send({ kind: 'started', consoleUrl: office.consoleUrl })).catch(report);

async function handle(office: BackOffice, message: ToBackOffice): Promise<void> {
  if (message.kind === 'journal') office.setJournal(message.signal, message.view);
  else if (message.kind === 'consume') {
    await office.consume();
    send({ kind: 'consuming' });
  } else if (message.kind === 'ask') {
    send({ kind: 'answer', id: message.id, answer: await office.metrics.toJson() });
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
