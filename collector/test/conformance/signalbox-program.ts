import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyBook } from '#keys/key-book.ts';
import { NO_OWN_LIMITS } from '#keys/key-record.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';
import { call } from './http-client.ts';
import { inOwnNetwork, listeningSockets } from './listening.ts';
import { encodeRequest, oneSpan, spanOf, tracesOf } from './payloads.ts';
import type { Recorder } from './recorder.ts';
import { type Guarded, LIMIT_BYTES, type Program, type Target, type TargetOptions } from './target.ts';

const QUIET = { SIGNALBOX_OTLP_GRPC_PORT: '0', SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' };
const SMALL = {
  SIGNALBOX_OTLP_HTTP_MAX_BODY_BYTES: String(LIMIT_BYTES),
  SIGNALBOX_OTLP_GRPC_MAX_MESSAGE_BYTES: String(LIMIT_BYTES),
};
const TIRING_SPANS = 2000;
const PORTS = ['SIGNALBOX_OTLP_HTTP_PORT', 'SIGNALBOX_OTLP_GRPC_PORT', 'SIGNALBOX_CONSOLE_PORT'];

/** The program as it is shipped, with `exporter_otlp` to the recorder and its store as the second destination. */
export const signalbox: Program = {
  name: 'Signalbox',
  start,
  startOverloaded,
  startGuarded,
  async defaultPorts() {
    const running = await run({}, inOwnNetwork(`unset ${PORTS.join(' ')}`));
    const ports = listeningSockets(running.program.pid).map(({ port }) => port);
    await running.stop();
    return ports;
  },
};

async function start({ recorder, limits }: TargetOptions): Promise<Target> {
  const env = { SIGNALBOX_EXPORTER_OTLP_ENDPOINT: recorder.url, ...(limits === 'small' ? SMALL : {}) };
  const { program, stop } = await run(env);
  return { ...targetOf(program, recorder), stop };
}

/** The memory for bodies is held by one request that does not end. */
async function startOverloaded(recorder: Recorder): Promise<Target> {
  const { program, stop } = await run({
    SIGNALBOX_EXPORTER_OTLP_ENDPOINT: recorder.url,
    SIGNALBOX_OTLP_HTTP_MAX_CONCURRENT_BODY_BYTES: String(LIMIT_BYTES),
    SIGNALBOX_OTLP_HTTP_BODY_TIMEOUT_MS: '600000',
  });
  const port = Number(new URL(program.otlpHttpUrl).port);
  let socket = holdMemory(port);
  const target = targetOf(program, recorder);
  await until('Signalbox to refuse', async () => {
    // It is refused itself when its last byte comes while the request below is there.
    if (socket.bytesRead > 0) {
      socket.destroy();
      socket = holdMemory(port);
    }
    const body = encodeRequest('traces', oneSpan('fill'));
    const { status } = await call(`${target.httpUrl}/v1/traces`, { body });
    return status === 200 ? undefined : status;
  });
  return {
    ...target,
    async stop() {
      socket.destroy();
      await stop();
    },
  };
}

/** One request, all but the last byte of LIMIT_BYTES. */
function holdMemory(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  const head = ['POST /v1/traces HTTP/1.1', 'host: a', 'content-type: application/x-protobuf'];
  socket.write(`${head.join('\r\n')}\r\ncontent-length: ${LIMIT_BYTES}\r\n\r\n`);
  socket.write(Buffer.alloc(LIMIT_BYTES - 1));
  return socket;
}

/** With one key more that has one item a second, and has sent what takes it far longer than the suite to come by. */
async function startGuarded(recorder: Recorder): Promise<Guarded> {
  const keys: string[] = [];
  const env = { SIGNALBOX_EXPORTER_OTLP_ENDPOINT: recorder.url, SIGNALBOX_KEYS_REQUIRED: 'true' };
  const { program, stop } = await run(env, [], async (dataDir) => {
    const book = openKeyBook(dataDir);
    for (const [name, itemsPerSecond] of [
      ['good', null],
      ['tired', 1],
    ] as const) {
      const limits = { ...NO_OWN_LIMITS, itemsPerSecond };
      const made = { name, tenant: '', expiresUnixMs: null, limits, createdBy: 'test' };
      keys.push((await book.create(made)).key);
    }
  });
  const target = targetOf(program, recorder);
  const [goodKey = '', tiredKey = ''] = keys;
  const spans = Array.from({ length: TIRING_SPANS }, () => spanOf('fill'));
  const { status } = await call(`${target.httpUrl}/v1/traces`, {
    headers: { authorization: `Bearer ${tiredKey}` },
    body: encodeRequest('traces', tracesOf(...spans)),
  });
  if (status !== 200) throw new Error(`a key that may send was answered ${status}`);
  return { ...target, goodKey, tiredKey, stop };
}

interface Running {
  program: Signalbox;
  stop(): Promise<void>;
}

async function run(
  env: Record<string, string>,
  command: readonly string[] = [],
  prepare: (dataDir: string) => Promise<void> = async () => {},
): Promise<Running> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-conformance-'));
  const clean = () => rm(dataDir, { recursive: true, force: true });
  try {
    await prepare(dataDir);
    const program = await startSignalbox({ dataDir, env: { ...QUIET, ...env }, command });
    return { program, stop: () => program.kill().then(clean) };
  } catch (error) {
    await clean();
    throw error;
  }
}

function targetOf(program: Signalbox, recorder: Recorder): Target {
  return {
    name: signalbox.name,
    httpUrl: program.otlpHttpUrl,
    grpcAddress: new URL(program.otlpGrpcUrl).host,
    pid: program.pid,
    recorder,
    isElsewhere: async (traceId) => (await program.fetchApi(`/api/v1/traces/${traceId}`)).status === 200,
    stop: async () => {},
  };
}
