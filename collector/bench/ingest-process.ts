// The way of a request from the socket to the disk, in a process of its own so that its processor time stands alone.
// Arguments: `journal` or `none`, a folder, and `redact`, `keep` (processors, with redaction or without) or nothing (no
// processors). Talks over the IPC channel.
import { Ajv } from 'ajv';
import { systemClock } from '#core/clock.ts';
import { OPEN_GATE } from '#core/gate.ts';
import { ACCEPTED } from '#core/outcome.ts';
import type { Sink } from '#core/sink.ts';
import { type JournalConfig, journalSchema } from '#journal/config.ts';
import { nodeFileSystem } from '#journal/file-system.ts';
import { openJournals } from '#journal/journals.ts';
import { createBodyBudget } from '#receivers/otlp/body-budget.ts';
import { NO_PROCESSING, type Processing } from '#receivers/otlp/processing.ts';
import { type OtlpGrpcConfig, otlpGrpcSchema } from '#receivers/otlp-grpc/config.ts';
import { createOtlpGrpcReceiver } from '#receivers/otlp-grpc/server.ts';
import { type OtlpHttpConfig, otlpHttpSchema } from '#receivers/otlp-http/config.ts';
import { createOtlpHttpReceiver } from '#receivers/otlp-http/server.ts';
import { createBenchProcessors } from './bench-processors.ts';
import { cpuSeconds } from './machine.ts';

const [mode = 'journal', folder = '', processors = ''] = process.argv.slice(2);

function defaults<T>(schema: object, given: Partial<T> = {}): T {
  const config = { ...given };
  new Ajv({ useDefaults: true, strict: false }).compile(schema)(config);
  return config as T;
}

/** No destination, so that segments go as soon as they are full: what is measured is ingest. */
async function openSink(): Promise<Sink & { close(): Promise<void> }> {
  if (mode === 'none') return { offer: async () => ACCEPTED, close: async () => {} };
  return openJournals(defaults<JournalConfig>(journalSchema), {
    folder,
    destinations: [],
    fs: nodeFileSystem,
    clocks: { wallMs: Date.now, monotonicMs: () => performance.now() },
    events: {
      failed: ({ error }) => process.stderr.write(`${error.message}\n`),
      recovered() {},
      dropped() {},
      torn() {},
    },
  });
}

function createProcessing(): Processing {
  return processors === '' ? NO_PROCESSING : createBenchProcessors(processors === 'redact');
}

const sink = await openSink();
const config = defaults<OtlpHttpConfig>(otlpHttpSchema, { port: 0 });
const shared = {
  sink,
  clock: systemClock,
  budget: createBodyBudget(config.max_concurrent_body_bytes, () => performance.now()),
  gate: OPEN_GATE,
  tls: null,
  observer: { requestFinished() {} },
  processing: createProcessing(),
  noteDelta: () => '',
};
const receiver = createOtlpHttpReceiver(config, { ...shared, selfToken: 'x' });
const grpcReceiver = createOtlpGrpcReceiver(defaults<OtlpGrpcConfig>(otlpGrpcSchema, { port: 0 }), shared);

process.on('message', async (message) => {
  if (message === 'cpu') process.send!({ cpuSeconds: cpuSeconds(), rssBytes: process.memoryUsage.rss() });
  if (message !== 'stop') return;
  await Promise.all([receiver.stop(), grpcReceiver.stop()]);
  await sink.close();
  process.disconnect?.();
});
process.once('disconnect', () => Promise.all([receiver.stop(), grpcReceiver.stop()]));

const { port } = await receiver.start();
const { port: grpcPort } = await grpcReceiver.start();
process.send!({ port, grpcPort });
