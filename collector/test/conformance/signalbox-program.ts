import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';
import { call } from './http-client.ts';
import { inOwnNetwork, listeningSockets } from './listening.ts';
import { encodeRequest, oneSpan } from './payloads.ts';
import type { Recorder } from './recorder.ts';
import { LIMIT_BYTES, type Program, type Target, type TargetOptions } from './target.ts';

const QUIET = { SIGNALBOX_OTLP_GRPC_PORT: '0', SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' };
const SMALL = {
  SIGNALBOX_OTLP_HTTP_MAX_BODY_BYTES: String(LIMIT_BYTES),
  SIGNALBOX_OTLP_GRPC_MAX_MESSAGE_BYTES: String(LIMIT_BYTES),
};
const PORTS = ['SIGNALBOX_OTLP_HTTP_PORT', 'SIGNALBOX_OTLP_GRPC_PORT', 'SIGNALBOX_CONSOLE_PORT'];

/** The program as it is shipped, with `exporter_otlp` to the recorder and its store as the second destination. */
export const signalbox: Program = {
  name: 'Signalbox',
  start,
  startOverloaded,
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
  const { port } = new URL(program.otlpHttpUrl);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const head = ['POST /v1/traces HTTP/1.1', 'host: a', 'content-type: application/x-protobuf'];
  socket.write(`${head.join('\r\n')}\r\ncontent-length: ${LIMIT_BYTES}\r\n\r\n`);
  socket.write(Buffer.alloc(LIMIT_BYTES - 1));
  const target = targetOf(program, recorder);
  await until('Signalbox to refuse', async () => {
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

interface Running {
  program: Signalbox;
  stop(): Promise<void>;
}

async function run(env: Record<string, string>, command: readonly string[] = []): Promise<Running> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-conformance-'));
  const clean = () => rm(dataDir, { recursive: true, force: true });
  try {
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
    grpcAddress: `127.0.0.1:${grpcPort(program)}`,
    pid: program.pid,
    recorder,
    isElsewhere: async (traceId) => (await program.fetchApi(`/api/v1/traces/${traceId}`)).status === 200,
    stop: async () => {},
  };
}

/** The port that is neither of the two that the banner tells. */
function grpcPort(program: Signalbox): number {
  const known = [program.consoleUrl, program.otlpHttpUrl].map((url) => Number(new URL(url).port));
  return listeningSockets(program.pid).find(({ port }) => !known.includes(port))?.port ?? 0;
}
