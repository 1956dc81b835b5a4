// Spans per CPU-second from the socket to the synced journal, with the journal and without, by batch and encoding.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { systemClock } from '#core/clock.ts';
import { send, traceRequests } from './load.ts';
import { describeMachine, spread } from './machine.ts';
import { sampleTraceRequests } from './sample-requests.ts';

const RUNS = 5;
const CONNECTIONS = 16;
const BODIES = 64;
/** Spans of one run, by the spans of a request: each run takes about a second. */
const SPANS = new Map([
  [10, 30_000],
  [50, 100_000],
  [500, 300_000],
]);

type Mode = 'journal' | 'none';
interface Measured {
  spansPerCpuSecond: number;
  spansPerSecond: number;
  rssMiB: number;
}

process.stdout.write(`${describeMachine()}\n`);
for (const [batch, spans] of SPANS) {
  const identity = sampleTraceRequests({ requests: BODIES, spans: batch, startUnixNano: systemClock() });
  const gzip = identity.map((body) => gzipSync(body));
  for (const [compression, bodies] of [
    ['identity', identity],
    ['gzip', gzip],
  ] as const) {
    await compare({ batch, bodies, compression, requests: spans / batch });
  }
}

interface Case {
  batch: number;
  bodies: readonly Uint8Array[];
  compression: 'identity' | 'gzip';
  requests: number;
}

/** Pairs of runs, with the journal and without, one after the other; the first pair only warms up. */
async function compare(one: Case): Promise<void> {
  const parts = { journal: await start('journal'), none: await start('none') };
  const figures: Record<Mode, Measured[]> = { journal: [], none: [] };
  for (let run = 0; run <= RUNS; run++) {
    for (const mode of ['journal', 'none'] as const) {
      const measured = await measure(parts[mode], one);
      if (run > 0) figures[mode].push(measured);
    }
  }
  for (const part of Object.values(parts)) await part.stop();
  const of = (mode: Mode, what: keyof Measured) => figures[mode].map((measured) => measured[what]);
  const ratios = figures.journal.map(
    (measured, run) => measured.spansPerCpuSecond / figures.none[run]!.spansPerCpuSecond,
  );
  const lines = [
    `batches of ${one.batch}, ${one.compression}, spans per CPU-second`,
    `  journal on   ${spread(of('journal', 'spansPerCpuSecond'))}`,
    `  journal off  ${spread(of('none', 'spansPerCpuSecond'))}`,
    `  ratio        ${spread(ratios, 2)}`,
    `  on, spans per second ${spread(of('journal', 'spansPerSecond'))}; memory ${spread(of('journal', 'rssMiB'))} MiB`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

interface Part {
  child: ChildProcess;
  port: number;
  stop(): Promise<void>;
}

async function start(mode: Mode): Promise<Part> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const child = fork(join(import.meta.dirname, 'ingest-process.ts'), [mode, folder]);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    child,
    port,
    async stop() {
      child.send('stop');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

async function measure({ child, port }: Part, one: Case): Promise<Measured> {
  const before = await ask(child);
  const wall = performance.now();
  const requests = traceRequests(one.bodies, one.compression);
  await send({ requests, port, connections: CONNECTIONS }, one.requests);
  const seconds = (performance.now() - wall) / 1000;
  const after = await ask(child);
  const spans = one.batch * one.requests;
  return {
    spansPerCpuSecond: spans / (after.cpuSeconds - before.cpuSeconds),
    spansPerSecond: spans / seconds,
    rssMiB: after.rssBytes / 2 ** 20,
  };
}

async function ask(child: ChildProcess): Promise<{ cpuSeconds: number; rssBytes: number }> {
  child.send('cpu');
  const [answer] = (await once(child, 'message')) as [{ cpuSeconds: number; rssBytes: number }];
  return answer;
}
