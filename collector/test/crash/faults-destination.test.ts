import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SIGNALS } from '#core/signal.ts';
import { assertBalanced, readAccounting, sumsOf, untilSettled } from '../support/accounting.ts';
import { BLOCK_SIZE } from '../support/load-payload.ts';
import { ackedItems, createLedger, type Ledger } from '../support/load-sender.ts';
import { distinctTaken, lostAtSink } from '../support/loss.ts';
import type { OtlpSink, SinkMode } from '../support/otlp-sink.ts';
import type { Signalbox } from '../support/start-signalbox.ts';
import { createCrashBench } from './crash-program.ts';

const FAULT_MS = Number(process.env.CRASH_FAULT_SECONDS ?? 2) * 1000;
const DOWN_MS = Number(process.env.CRASH_DOWN_SECONDS ?? FAULT_MS / 1000) * 1000;
const WORKING_MS = 300;

/** By default OTLP's rule holds, and what was answered 500 is a dead letter. */
const PATIENT = { env: { SIGNALBOX_EXPORTER_OTLP_RETRY_FINAL_ANSWERS: 'true' } };

const FAULTS: { title: string; mode: SinkMode; ms?: number }[] = [
  { title: 'is down', mode: { kind: 'down' }, ms: DOWN_MS },
  { title: 'answers 500', mode: { kind: 'status', status: 500 } },
  {
    title: 'answers 429 with Retry-After in seconds',
    mode: { kind: 'status', status: 429, retryAfter: { seconds: 1, form: 'seconds' } },
  },
  {
    title: 'answers 429 with Retry-After as a date',
    mode: { kind: 'status', status: 429, retryAfter: { seconds: 2, form: 'date' } },
  },
  { title: 'answers 503', mode: { kind: 'status', status: 503 } },
  { title: 'hangs', mode: { kind: 'hang' } },
  { title: 'resets connections', mode: { kind: 'reset' } },
  { title: 'cuts its answers short', mode: { kind: 'cut' } },
  { title: 'takes half of each request and says so', mode: { kind: 'partial' } },
];

for (const { title, mode, ms: faultMs = FAULT_MS } of FAULTS) {
  test(`a destination that ${title} for a while: nothing is lost, and what it left out is counted`, async (context) => {
    const bench = await createCrashBench(context);
    const signalbox = await bench.start(PATIENT);
    const ledger = createLedger();
    const load = bench.load(signalbox, { ledger, connections: 3, sizes: [1, 20], pauseMs: 20 });
    for (const [next, ms] of [
      [{ kind: 'ok' }, WORKING_MS],
      [mode, faultMs],
      [{ kind: 'ok' }, WORKING_MS],
    ] as const) {
      await bench.sink.setMode(next);
      await sleep(ms);
      assertBalanced(await readAccounting(signalbox));
    }
    await load.stop();
    await untilSettled(signalbox);
    assert.deepEqual(Object.keys(ledger.answers), ['200'], 'senders notice nothing');
    context.diagnostic(`${ackedItems(ledger)} items; the sink saw ${JSON.stringify(bench.sink.requests)}`);
    await assertAccounted(signalbox, ledger, bench.sink);
    await signalbox.stop();
  });
}

test('one item of ten thousand that is refused goes to the dead letters, and 9,999 arrive', async (context) => {
  const bench = await createCrashBench(context);
  const ledger = createLedger();
  const refused = BLOCK_SIZE * 7 + 123;
  await bench.sink.setMode({ kind: 'refuse', signal: 'traces', id: refused });
  const signalbox = await bench.start();
  await bench.load(signalbox, { ledger, connections: 2, requests: 20, sizes: [500], signals: ['traces'] })
    .done;
  const sums = sumsOf(await untilSettled(signalbox), 'otlp');
  assert.equal(ackedItems(ledger), 10_000);
  assert.deepEqual(
    lostAtSink(ledger, bench.sink, (_, id) => id === refused),
    { items: 0, blocks: [] },
  );
  assert.equal(bench.sink.taken.traces.size, 9_999);
  assert.deepEqual(
    { delivered: sums.delivered, deadLettered: sums.deadLettered, refused: sums.refused },
    { delivered: 9_999, deadLettered: 1, refused: 0 },
  );
  const letters = await readdir(join(bench.dataDir, 'dead-letter/otlp/traces'), { recursive: true });
  assert.notEqual(letters.length, 0);
  await signalbox.stop();
});

/** Every acknowledged item is at the sink, or is one that the sink said it left out, and is counted as that. */
async function assertAccounted(signalbox: Signalbox, ledger: Ledger, sink: OtlpSink): Promise<void> {
  const sums = sumsOf(await readAccounting(signalbox), 'otlp');
  assert.deepEqual(sink.malformed, []);
  assert.deepEqual(lostAtSink(ledger, sink), { items: 0, blocks: [] });
  const leftOut = SIGNALS.reduce((sum, signal) => sum + sink.leftOut[signal].size, 0);
  const { accepted, delivered, refused, deadLettered } = sums;
  assert.deepEqual(
    { accepted, delivered, refused, deadLettered },
    { accepted: ackedItems(ledger), delivered: distinctTaken(sink), refused: leftOut, deadLettered: 0 },
  );
}
