import { Worker } from 'node:worker_threads';
import { OperatorError } from '#core/errors.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import type { Sink } from '#core/sink.ts';
import type { LogRecord } from '#self/log-record.ts';
import type { MetricJson } from '#self/metrics.ts';
import { createAsking } from './ask.ts';
import type { BackOfficeSettings, FromBackOffice, ToBackOffice } from './messages.ts';

/** The worker with store, query, API and console, as the main thread sees it. */
export interface BackOfficeLink extends Sink {
  /** Resolves with the console's address; throws OperatorError when the worker cannot start. */
  start(): Promise<{ consoleUrl: string }>;
  setReceiving(url: string): void;
  setStopping(): void;
  collectMetrics(): Promise<MetricJson[]>;
  queuedBytes(): number;
  stop(): Promise<void>;
}

export interface BackOfficeLinkDeps {
  receiveLog(record: LogRecord): void;
  collectMetrics(): Promise<MetricJson[]>;
  /** The worker ended by itself after it had started. */
  onLost(message: string): void;
}

const LOST: Outcome = { kind: 'retry_after', seconds: 5, reason: 'the store is not there; see the log' };
const FULL: Outcome = { kind: 'retry_after', seconds: 5, reason: 'too much is waiting for the disk' };

/** Runs the back office in a worker thread, so that neither queries nor decoding delay ingest. */
export function createBackOfficeLink(settings: BackOfficeSettings, deps: BackOfficeLinkDeps): BackOfficeLink {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: settings });
  const offers = createAsking<Outcome>();
  const collects = createAsking<MetricJson[]>();
  const started = Promise.withResolvers<{ consoleUrl: string }>();
  const stopped = Promise.withResolvers<void>();
  const maxQueued = settings.config.store.queue_max_bytes;
  let queued = 0;
  let isUp = false;
  let isGone = false;
  const send = (message: ToBackOffice, transfer: ArrayBuffer[] = []) => worker.postMessage(message, transfer);

  const gone = (message: string) => {
    if (isGone) return;
    isGone = true;
    offers.answerAll(LOST);
    collects.answerAll([]);
    started.reject(new Error(message));
    if (isUp) deps.onLost(message);
    stopped.resolve();
  };
  const handle = async (message: FromBackOffice): Promise<void> => {
    if (message.kind === 'outcome') offers.answer(message.id, message.outcome);
    else if (message.kind === 'log') deps.receiveLog(message.record);
    else if (message.kind === 'collected') collects.answer(message.id, message.metrics);
    else if (message.kind === 'collect') {
      send({ kind: 'collected', id: message.id, metrics: await deps.collectMetrics() });
    } else if (message.kind === 'started') {
      isUp = true;
      started.resolve({ consoleUrl: message.consoleUrl });
    } else if (message.kind === 'failed') {
      started.reject(message.isOperator ? new OperatorError(message.message) : new Error(message.message));
      gone(message.message);
    } else {
      isUp = false;
      gone('the back office has stopped');
    }
  };
  worker.on('message', (message: FromBackOffice) => void handle(message));
  worker.on('error', (error) => gone((error as Error).stack ?? String(error)));
  worker.on('exit', (code) => gone(`the back office ended with code ${code}`));

  return {
    start: () => started.promise,
    setReceiving: (url) => send({ kind: 'receiving', url }),
    setStopping: () => send({ kind: 'stopping' }),
    collectMetrics: () =>
      isGone ? Promise.resolve([]) : collects.ask((id) => send({ kind: 'collect', id })),
    queuedBytes: () => queued,
    async offer(payload) {
      if (isGone) return LOST;
      const { length } = payload.bytes;
      if (queued > 0 && queued + length > maxQueued) return FULL;
      const owned = own(payload);
      queued += length;
      try {
        return await offers.ask((id) => send({ kind: 'offer', id, payload: owned }, [owned.bytes.buffer]));
      } finally {
        queued -= length;
      }
    },
    async stop() {
      if (!isGone) send({ kind: 'stop' });
      await stopped.promise;
      await worker.terminate();
    },
  };
}

/** Small buffers share Node's pool, which must not be handed over. */
function own(payload: Payload): Payload & { bytes: Uint8Array<ArrayBuffer> } {
  const { bytes } = payload;
  const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  return { ...payload, bytes: isWhole ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes) };
}
