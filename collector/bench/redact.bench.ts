// Processor time with redaction on against off: of the whole program as shipped, and of ingest alone.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { systemClock } from '#core/clock.ts';
import type { Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import { untilSettled } from '../test/support/accounting.ts';
import { startSignalbox } from '../test/support/start-signalbox.ts';
import { createBenchProcessors } from './bench-processors.ts';
import { type ExportRequest, send, traceRequests } from './load.ts';
import { describeMachine, spread } from './machine.ts';
import { recordDemo } from './record.ts';
import { sampleTraceRequests } from './sample-requests.ts';

const RUNS = 7;
const WARM_UPS = 3;
const CONNECTIONS = 8;
const DEMO_REQUESTS = 300;
/** The clock ticks of /proc/<pid>/stat. */
const TICKS_PER_SECOND = 100;
const MIB = 2 ** 20;
const FLOODS = [
  '@',
  'a@',
  '7',
  '41-',
  '4111 ',
  '\\"',
  '{"a":"',
  '"password":{',
  'eyJ',
  '://a:',
  '-----BEGIN ',
  'Cookie: ',
  'x',
];
const LEAKY_TEXT = 'order of jane.roe@mail.example.org, card 4111 1111 1111 1111';

/** A program under load; `cpuSeconds` of all its threads. */
interface Subject {
  port: number;
  cpuSeconds(): Promise<number>;
  /** Resolves when what was sent has been dealt with. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

interface Case {
  name: string;
  requests: readonly ExportRequest[];
  count: number;
}

const itemsOf = ({ body, contentEncoding, contentType, path }: ExportRequest): number => {
  const signal = path.slice('/v1/'.length) as Signal;
  const bytes = contentEncoding === 'gzip' ? gunzipSync(body) : body;
  const protobuf = contentType.includes('json')
    ? jsonToProtobuf(signal, bytes)
    : { ok: true as const, bytes };
  const checked = protobuf.ok ? checkRequest(signal, protobuf.bytes) : null;
  if (!checked?.ok) throw new Error(`a recorded request is malformed: ${path}`);
  return checked.items;
};

async function startShipped(redact: boolean): Promise<Subject> {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const signalbox = await startSignalbox({
    dataDir,
    env: { SIGNALBOX_REDACT_ENABLED: String(redact), SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' },
  });
  return {
    port: Number(new URL(signalbox.otlpHttpUrl).port),
    async cpuSeconds() {
      const fields = readFileSync(`/proc/${signalbox.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    settled: async () => void (await untilSettled(signalbox, 300_000)),
    async stop() {
      await signalbox.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function startIngest(redact: boolean): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const child = fork(join(import.meta.dirname, 'ingest-process.ts'), [
    'journal',
    folder,
    redact ? 'redact' : 'keep',
  ]);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    cpuSeconds: () => askCpu(child),
    settled: async () => {},
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

async function measure(subject: Subject, { count, requests }: Case): Promise<number> {
  const before = await subject.cpuSeconds();
  await send({ requests, port: subject.port, connections: CONNECTIONS }, count);
  await subject.settled();
  return (await subject.cpuSeconds()) - before;
}

/** Pairs of runs, on and off, in turns; the first ones only warm up, until nothing is compiled any more. */
async function compare(one: Case, what: string, start: (redact: boolean) => Promise<Subject>): Promise<void> {
  const on = await start(true);
  const off = await start(false);
  const seconds: { on: number; off: number }[] = [];
  for (let run = -WARM_UPS; run < RUNS; run++) {
    const first = run % 2 === 0;
    const early = await measure(first ? on : off, one);
    const late = await measure(first ? off : on, one);
    if (run >= 0) seconds.push(first ? { on: early, off: late } : { on: late, off: early });
  }
  await on.stop();
  await off.stop();
  const items =
    one.requests.map(itemsOf).reduce((sum, each) => sum + each, 0) * (one.count / one.requests.length);
  const micros = (side: 'on' | 'off') =>
    spread(
      seconds.map((pair) => (pair[side] / items) * 1e6),
      2,
    );
  const ratios = seconds.map((pair) => pair.on / pair.off);
  process.stdout.write(
    `${one.name}, ${what}: ratio ${spread(ratios, 3)}; microseconds an item on ${micros('on')}, off ${micros('off')}\n`,
  );
}

/** Milliseconds for texts made to be slow, at two sizes: four times as long is four times the work. */
function measureFloods(): void {
  const { redactor } = createBenchProcessors(true);
  const time = (text: Buffer) => {
    const start = performance.now();
    redactor.text('bench', text);
    return performance.now() - start;
  };
  for (const seed of FLOODS) {
    const of = (bytes: number) => Buffer.alloc(bytes, seed);
    time(of(MIB / 4));
    const small = Math.min(...Array.from({ length: 3 }, () => time(of(MIB / 4))));
    const large = Math.min(...Array.from({ length: 3 }, () => time(of(MIB))));
    process.stdout.write(
      `${JSON.stringify(seed).padEnd(22)} ${small.toFixed(0)} ms for 256 KiB, ${large.toFixed(0)} ms for 1 MiB\n`,
    );
  }
}

function leakySpans(): Uint8Array[] {
  const bodies = sampleTraceRequests({
    requests: 16,
    spans: 500,
    startUnixNano: systemClock(),
    note: LEAKY_TEXT,
  });
  return bodies;
}

process.stdout.write(`${describeMachine()}\n`);
measureFloods();
const recorded = await recordDemo(DEMO_REQUESTS);
const total = recorded.map(itemsOf).reduce((sum, each) => sum + each, 0);
process.stdout.write(`recorded ${recorded.length} requests of the demo's SDKs, ${total} items\n`);
const natural: Case = { name: 'demo', requests: recorded, count: recorded.length * 20 };
const worst: Case = {
  name: 'every span a hit',
  requests: traceRequests(leakySpans(), 'identity'),
  count: 160,
};
for (const one of [natural, worst]) {
  await compare(one, 'as shipped', startShipped);
  await compare(one, 'ingest alone', startIngest);
}
