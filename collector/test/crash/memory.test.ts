import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { acceptedItems, assertBalanced, readAccounting, sumsOf } from '../support/accounting.ts';
import { ackedItems, createLedger, type Ledger } from '../support/load-sender.ts';
import { lostInStore } from '../support/loss.ts';
import type { Signalbox } from '../support/start-signalbox.ts';
import { readStoreBlocks } from '../support/store-blocks.ts';
import { until } from '../support/until.ts';
import { createCrashBench } from './crash-program.ts';
import type { LoadOrder, LoadResult } from './load-process.ts';

const MIB = 1024 * 1024;
/** What README states for the whole process: `store.memory_limit_bytes` and 768 MiB. */
const LIMIT_BYTES = (512 + 768) * MIB;
const SECONDS = Number(process.env.CRASH_MEMORY_SECONDS ?? 10);
const CLIENTS = 8;
/** The store is behind when the clients end; it gets so long to catch up. */
const CATCH_UP_MS = 600_000;
/** Senders are refused when a journal is full, so that nothing acknowledged has to go. */
const env = { SIGNALBOX_JOURNAL_WHEN_FULL: 'refuse' };

test(`${CLIENTS} clients as fast as they can for ${SECONDS} s, the destination dead: memory bounded, nothing lost, the console answers`, async (context) => {
  const bench = await createCrashBench(context);
  await bench.sink.setMode({ kind: 'down' });
  const signalbox = await bench.start({ env });
  const console_ = watchConsole(signalbox);
  const ledger = await sendFromOutside({
    url: signalbox.otlpHttpUrl,
    connections: CLIENTS,
    sizes: [10, 100, 1000],
    padding: 200,
    seconds: SECONDS,
  });
  const peakUnderLoad = await peakBytes(signalbox.pid);
  const answers = await console_.stop();
  await until('the store to catch up', () => caughtUp(signalbox), CATCH_UP_MS);
  const report = await readAccounting(signalbox);
  const peak = await peakBytes(signalbox.pid);
  await signalbox.stop();

  say(context, { ledger, peakUnderLoad, peak, answers });
  assert.deepEqual(
    Object.keys(ledger.answers).filter((answer) => !['200', '503'].includes(answer)),
    [],
  );
  assert.ok(acceptedItems(report) >= ackedItems(ledger));
  assert.equal(
    sumsOf(report, 'otlp').waiting,
    acceptedItems(report),
    'all of it waits for the dead destination',
  );
  assert.deepEqual(lostInStore(ledger, await readStoreBlocks(bench.dataDir)), { items: 0, blocks: [] });
  assert.deepEqual(answers.failures, []);
  assert.ok(answers.count > 0);
  assert.ok(peak <= LIMIT_BYTES, `${Math.round(peak / MIB)} MiB resident`);
});

/** The clients are a process of their own, so that what they need is not taken from the one that asks the console. */
async function sendFromOutside(order: LoadOrder): Promise<Ledger> {
  const script = join(import.meta.dirname, 'load-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(order)], {
    maxBuffer: 256 * MIB,
    timeout: (SECONDS + 120) * 1000,
  });
  return { ...createLedger(), ...(JSON.parse(stdout) as LoadResult) };
}

/** The highest resident memory that the kernel saw, which no sample can miss. */
async function peakBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

interface ConsoleAnswers {
  count: number;
  slowestMs: number;
  failures: string[];
}

/** Asks for life and for an answer of the API in turn, until it is stopped. */
function watchConsole(signalbox: Signalbox): { stop(): Promise<ConsoleAnswers> } {
  const stopping = new AbortController();
  const seen: ConsoleAnswers = { count: 0, slowestMs: 0, failures: [] };
  const ask = async (path: string) => {
    const startedMs = performance.now();
    const response = await signalbox.fetchApi(path, { signal: AbortSignal.timeout(60_000) });
    const text = await response.text();
    if (response.status !== 200) seen.failures.push(`${path}: ${response.status} ${text}`);
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - startedMs);
    seen.count++;
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      for (const path of ['/livez', '/api/v1/accounting', '/api/v1/logs?limit=10']) {
        await ask(path).catch((error: unknown) => seen.failures.push(`${path}: ${error}`));
      }
      await sleep(100);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
      return seen;
    },
  };
}

async function caughtUp(signalbox: Signalbox): Promise<true | undefined> {
  const report = await readAccounting(signalbox);
  assertBalanced(report);
  return sumsOf(report, 'store').waiting === 0 ? true : undefined;
}

function say(
  context: TestContext,
  seen: { ledger: Ledger; peakUnderLoad: number; peak: number; answers: ConsoleAnswers },
): void {
  const { ledger, peakUnderLoad, peak, answers } = seen;
  const inMib = (bytes: number) => Math.round(bytes / MIB);
  context.diagnostic(
    `${ackedItems(ledger)} items in ${ledger.acked.length} requests acknowledged, answers ${JSON.stringify(ledger.answers)}; ` +
      `peak ${inMib(peakUnderLoad)} MiB under load, ${inMib(peak)} MiB in all; ` +
      `${answers.count} answers of the console, the slowest after ${Math.round(answers.slowestMs)} ms`,
  );
}
