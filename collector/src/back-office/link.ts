import { Worker } from 'node:worker_threads';
import type { AccountingReport } from '#core/accounting.ts';
import { OperatorError } from '#core/errors.ts';
import type { Signal } from '#core/signal.ts';
import type { Journals } from '#journal/journals.ts';
import type { KeysReport } from '#keys/open-keys.ts';
import type { LogRecord } from '#self/log-record.ts';
import type { MetricJson } from '#self/metrics.ts';
import { createAsking } from './ask.ts';
import { postViews } from './journal-views.ts';
import type { Answers, BackOfficeSettings, FromBackOffice, Question, ToBackOffice } from './messages.ts';

/** The worker with store, query, API and console, as the main thread sees it. */
export interface BackOfficeLink {
  /** Resolves with the console's address; throws OperatorError when the worker cannot start. */
  start(): Promise<{ consoleUrl: string }>;
  /** Lets the store read the journals; resolves once it has begun. Returns how to tell of them no more. */
  consume(journals: Journals): Promise<() => void>;
  setReceiving(url: string): void;
  setStopping(): void;
  collectMetrics(): Promise<MetricJson[]>;
  stop(): Promise<void>;
}

export interface BackOfficeLinkDeps {
  receiveLog(record: LogRecord): void;
  collectMetrics(): Promise<MetricJson[]>;
  /** The journals, and the destinations of this thread. */
  readAccounting(): AccountingReport;
  /** API keys as the receivers see them. */
  readKeys(): KeysReport;
  /** The store needs this signal's journal from `sequence` on. */
  onNeeded(signal: Signal, sequence: number): void;
  /** The worker ended by itself after it had started. */
  onLost(message: string): void;
}

/** Runs the back office in a worker thread, so that neither queries nor decoding delay ingest. */
export function createBackOfficeLink(settings: BackOfficeSettings, deps: BackOfficeLinkDeps): BackOfficeLink {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: settings });
  const asking = createAsking<Answers[Question]>();
  const started = Promise.withResolvers<{ consoleUrl: string }>();
  const consuming = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  let isUp = false;
  let isGone = false;
  const send = (message: ToBackOffice) => worker.postMessage(message);

  const gone = (error: Error) => {
    if (isGone) return;
    isGone = true;
    asking.answerAll([]);
    started.reject(error);
    consuming.reject(error);
    // Nobody may be waiting for it any more.
    consuming.promise.catch(() => undefined);
    if (isUp) deps.onLost(error.message);
    stopped.resolve();
  };
  const answers: { [Q in Question]: () => Answers[Q] | Promise<Answers[Q]> } = {
    metrics: deps.collectMetrics,
    accounting: deps.readAccounting,
    keys: deps.readKeys,
  };
  const handle = async (message: FromBackOffice): Promise<void> => {
    if (message.kind === 'needed') deps.onNeeded(message.signal, message.sequence);
    else if (message.kind === 'log') deps.receiveLog(message.record);
    else if (message.kind === 'answer') asking.answer(message.id, message.answer);
    else if (message.kind === 'ask') {
      send({ kind: 'answer', id: message.id, answer: await answers[message.question]() });
    } else if (message.kind === 'started') {
      isUp = true;
      started.resolve({ consoleUrl: message.consoleUrl });
    } else if (message.kind === 'consuming') consuming.resolve();
    else if (message.kind === 'failed') {
      gone(message.isOperator ? new OperatorError(message.message) : new Error(message.message));
    } else {
      isUp = false;
      gone(new Error('the back office has stopped'));
    }
  };
  worker.on('message', (message: FromBackOffice) => void handle(message));
  worker.on('error', (error) => gone(new Error((error as Error).stack ?? String(error))));
  worker.on('exit', (code) => gone(new Error(`the back office ended with code ${code}`)));

  return {
    start: () => started.promise,
    async consume(journals) {
      const stop = postViews(journals, (signal, view) => send({ kind: 'journal', signal, view }));
      send({ kind: 'consume' });
      await consuming.promise;
      return stop;
    },
    setReceiving: (url) => send({ kind: 'receiving', url }),
    setStopping: () => send({ kind: 'stopping' }),
    async collectMetrics() {
      if (isGone) return [];
      return (await asking.ask((id) => send({ kind: 'ask', id, question: 'metrics' }))) as MetricJson[];
    },
    async stop() {
      if (!isGone) send({ kind: 'stop' });
      await stopped.promise;
      await worker.terminate();
    },
  };
}
