import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineBinary } from '../../../scripts/engines/binaries.ts';
import { until } from '../support/until.ts';
import { call } from './http-client.ts';
import { inOwnNetwork, type Listening, listeningSockets } from './listening.ts';
import { encodeRequest, oneSpan } from './payloads.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import type { Guarded, Program, Target, TargetOptions } from './target.ts';

// Two addresses of loopback, because both ports are free ones: so it is known which is which.
const HTTP_HOST = '127.0.0.1';
const GRPC_HOST = '127.0.0.2';
const MOST_TRIES = 50;

interface Running {
  pid: number;
  sockets: Listening[];
  stop(): Promise<void>;
}

/** The OpenTelemetry Collector as `npm run engines` builds it: receiver otlp, exporter otlp_http, no processor. */
export const otelcol: Program = {
  name: 'OpenTelemetry Collector',
  start,
  startOverloaded,
  startGuarded,
  async defaultPorts() {
    const recorder = await startRecorder();
    const config = configOf({ receiver: { http: {}, grpc: {} }, exporters: exporterTo(recorder.url) });
    const { sockets, stop } = await run(config, inOwnNetwork());
    await Promise.all([stop(), recorder.close()]);
    return sockets.map(({ port }) => port);
  },
};

async function start({ recorder, limits }: TargetOptions): Promise<Target> {
  const second = await startRecorder();
  const small = limits === 'small';
  const receiver = {
    http: { endpoint: `${HTTP_HOST}:0`, ...(small ? { max_request_body_size: 1024 * 1024 } : {}) },
    grpc: { endpoint: `${GRPC_HOST}:0`, ...(small ? { max_recv_msg_size_mib: 1 } : {}) },
  };
  // Its first wait is 5 s by default; a shorter one so that the suite is not as long.
  const retry = { retry_on_failure: { initial_interval: '1s', multiplier: 2 } };
  const exporters = { ...exporterTo(recorder.url, retry), 'otlp_http/second': { endpoint: second.url } };
  const running = await run(configOf({ receiver, exporters }));
  return {
    ...targetOf(running, recorder),
    isElsewhere: async (traceId) => second.hasTrace(traceId),
    async stop() {
      await Promise.all([running.stop(), second.close()]);
    },
  };
}

/** A queue of one request, and a destination that does not answer. */
async function startOverloaded(recorder: Recorder): Promise<Target> {
  recorder.react = () => 'hang';
  const queue = { sending_queue: { queue_size: 1, num_consumers: 1 } };
  const receiver = { http: { endpoint: `${HTTP_HOST}:0` }, grpc: { endpoint: `${GRPC_HOST}:0` } };
  const running = await run(configOf({ receiver, exporters: exporterTo(recorder.url, queue) }));
  const target = targetOf(running, recorder);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const body = encodeRequest('traces', oneSpan('fill'));
    const { status } = await call(`${target.httpUrl}/v1/traces`, { body });
    if (status !== 200) return target;
  }
  throw new Error(`the Collector took ${MOST_TRIES} requests with a queue of one`);
}

/** The extension `bearertokenauth` at both doors. */
async function startGuarded(recorder: Recorder): Promise<Guarded> {
  const goodKey = randomUUID();
  const auth = { authenticator: 'bearertokenauth' };
  const receiver = {
    http: { endpoint: `${HTTP_HOST}:0`, auth },
    grpc: { endpoint: `${GRPC_HOST}:0`, auth },
  };
  const extensions = { bearertokenauth: { token: goodKey } };
  const running = await run(configOf({ receiver, exporters: exporterTo(recorder.url), extensions }));
  return { ...targetOf(running, recorder), goodKey, tiredKey: null };
}

function exporterTo(url: string, more: object = {}): Record<string, object> {
  return { otlp_http: { endpoint: url, ...more } };
}

interface Configured {
  receiver: object;
  exporters: Record<string, object>;
  extensions?: Record<string, object>;
}

/** Its configuration file; JSON is YAML. */
function configOf({ receiver, exporters, extensions = {} }: Configured): string {
  const pipeline = { receivers: ['otlp'], exporters: Object.keys(exporters) };
  return JSON.stringify({
    receivers: { otlp: { protocols: receiver } },
    exporters,
    extensions,
    service: {
      extensions: Object.keys(extensions),
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
    },
  });
}

async function run(config: string, command: readonly string[] = []): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-otelcol-'));
  const file = join(folder, 'config.yaml');
  await writeFile(file, config);
  const [program = '', ...args] = [...command, engineBinary('otelcol'), '--config', file];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const killWithTest = () => child.kill('SIGKILL');
  process.once('exit', killWithTest);
  const ended = once(child, 'close');
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-10_000);
  });
  const pid = child.pid!;
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    process.off('exit', killWithTest);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const sockets = await until('the Collector to listen', async () => {
      if (child.exitCode !== null) throw new Error(`the Collector ended:\n${log}`);
      return log.includes('Everything is ready') ? listeningSockets(pid) : undefined;
    });
    return { pid, sockets, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function targetOf({ pid, sockets, stop }: Running, recorder: Recorder): Target {
  const portOn = (address: string) => sockets.find((socket) => socket.address === address)!.port;
  return {
    name: otelcol.name,
    httpUrl: `http://${HTTP_HOST}:${portOn('0100007F')}`,
    grpcAddress: `${GRPC_HOST}:${portOn('0200007F')}`,
    pid,
    recorder,
    isElsewhere: async () => false,
    stop,
  };
}
