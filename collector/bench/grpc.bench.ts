// Spans per CPU-second from the socket on: our gRPC receiver against our HTTP receiver, with the journal and without, and
// against both receivers of the OpenTelemetry Collector, which drops what it takes.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { systemClock } from '#core/clock.ts';
import { frameOf, sendGrpc } from './grpc-load.ts';
import { send, traceRequests } from './load.ts';
import { describeMachine, spread } from './machine.ts';
import { startOtelcol } from './otelcol-process.ts';
import { sampleTraceRequests } from './sample-requests.ts';

const RUNS = 5;
const BODIES = 64;
const CONNECTIONS = 16;
/** As many calls at the same time as connections of HTTP, on few connections as gRPC clients do. */
const GRPC = { connections: 4, streams: 4 };
const SPANS = new Map([
  [10, 30_000],
  [50, 100_000],
  [500, 300_000],
]);

interface Subject {
  name: string;
  port: number;
  grpcPort: number;
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

async function startOurs(mode: 'journal' | 'none'): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const child = fork(join(import.meta.dirname, 'ingest-process.ts'), [mode, folder]);
  const [{ grpcPort, port }] = (await once(child, 'message')) as [{ grpcPort: number; port: number }];
  return {
    name: mode === 'journal' ? 'Signalbox, journal' : 'Signalbox, dropped',
    port,
    grpcPort,
    cpuSeconds: () => askCpu(child),
    async stop() {
      child.send('stop');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

async function askCpu(child: ChildProcess): Promise<number> {
  child.send('cpu');
  const [answer] = (await once(child, 'message')) as [{ cpuSeconds: number }];
  return answer.cpuSeconds;
}

async function startTheirs(): Promise<Subject> {
  const otelcol = await startOtelcol();
  return {
    ...otelcol,
    name: 'Collector, dropped',
    cpuSeconds: async () => otelcol.cpuSeconds(),
  };
}

interface Work {
  bodies: readonly Uint8Array[];
  isGzip: boolean;
  spans: number;
  batch: number;
}

async function measure(subject: Subject, door: 'http' | 'grpc', work: Work): Promise<number> {
  const { batch, bodies, isGzip, spans } = work;
  const count = spans / batch;
  const before = await subject.cpuSeconds();
  if (door === 'grpc') {
    const frames = bodies.map((body) => frameOf(body, isGzip));
    await sendGrpc({ port: subject.grpcPort, frames, isGzip, ...GRPC }, count);
  } else {
    const requests = traceRequests(bodies, isGzip ? 'gzip' : 'identity');
    await send({ port: subject.port, requests, connections: CONNECTIONS }, count);
  }
  return spans / ((await subject.cpuSeconds()) - before);
}

const ROWS = ['grpc', 'http'] as const;
process.stdout.write(`${describeMachine()}\n`);
const subjects = [await startOurs('journal'), await startOurs('none'), await startTheirs()];
for (const [batch, spans] of SPANS) {
  const identity = sampleTraceRequests({ requests: BODIES, spans: batch, startUnixNano: systemClock() });
  for (const isGzip of [false, true]) {
    const bodies = isGzip ? identity.map((body) => gzipSync(body)) : identity;
    const figures = new Map<string, number[]>();
    for (let run = -1; run < RUNS; run++) {
      for (const subject of subjects) {
        for (const door of ROWS) {
          const figure = await measure(subject, door, { bodies, isGzip, spans, batch });
          const name = `${subject.name}, ${door}`;
          if (run >= 0) figures.set(name, [...(figures.get(name) ?? []), figure]);
        }
      }
    }
    process.stdout.write(`batches of ${batch}, ${isGzip ? 'gzip' : 'identity'}, spans per CPU-second\n`);
    for (const [name, values] of figures) process.stdout.write(`  ${name.padEnd(26)} ${spread(values)}\n`);
    const ratio = (a: string, b: string) =>
      spread(
        figures.get(a)!.map((value, at) => value / figures.get(b)![at]!),
        2,
      );
    process.stdout.write(
      `  gRPC to HTTP, journal: ${ratio('Signalbox, journal, grpc', 'Signalbox, journal, http')}\n`,
    );
    process.stdout.write(
      `  gRPC to the Collector's gRPC, both dropped: ${ratio('Signalbox, dropped, grpc', 'Collector, dropped, grpc')}\n`,
    );
  }
}
for (const subject of subjects) await subject.stop();
