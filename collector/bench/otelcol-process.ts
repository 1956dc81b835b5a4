import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineBinary } from '../../scripts/engines/binaries.ts';

/** The clock ticks of /proc/<pid>/stat. */
const TICKS_PER_SECOND = 100;
const TRIES = 200;

/** The OpenTelemetry Collector that takes OTLP on both ports and drops it (exporter nop), without a processor. */
export interface Otelcol {
  port: number;
  grpcPort: number;
  cpuSeconds(): number;
  rssBytes(): number;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function untilOpen(port: number): Promise<void> {
  for (let at = 0; at < TRIES; at++) {
    const socket = dial(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error('the OpenTelemetry Collector does not listen');
}

/** Starts the one that `npm run engines` builds; throws when it was not built. */
export async function startOtelcol(): Promise<Otelcol> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const [port, grpcPort] = [await freePort(), await freePort()];
  const config = {
    receivers: {
      otlp: {
        protocols: {
          http: { endpoint: `127.0.0.1:${port}`, max_request_body_size: 67_108_864 },
          grpc: { endpoint: `127.0.0.1:${grpcPort}`, max_recv_msg_size_mib: 64 },
        },
      },
    },
    exporters: { nop: {} },
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['nop'] } },
    },
  };
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(engineBinary('otelcol'), ['--config', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await Promise.all([untilOpen(port), untilOpen(grpcPort)]);
  const stat = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return {
    port,
    grpcPort,
    cpuSeconds: () => (Number(stat()[11]) + Number(stat()[12])) / TICKS_PER_SECOND,
    rssBytes: () => Number(stat()[21]) * 4096,
    async stop() {
      child.kill();
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}
