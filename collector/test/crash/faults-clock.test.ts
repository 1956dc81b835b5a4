import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertBalanced, readAccounting, sumsOf, untilSettled } from '../support/accounting.ts';
import { createLedger } from '../support/load-sender.ts';
import { lostAtSink, lostInStore } from '../support/loss.ts';
import { readStoreBlocks } from '../support/store-blocks.ts';
import { createCrashBench } from './crash-program.ts';

/** Debian's package `faketime`; Node takes its wall clock from it, timers go on as before. */
const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';
const skip = existsSync(LIBRARY) ? false : 'libfaketime is not installed';
const REQUESTS = 60;

/** The wall clock is off by what stands in `file`, which may change while the program runs. */
function clockFrom(file: string): Record<string, string> {
  return {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

test('the clock jumps back and forward, between runs and in them: all is delivered', {
  skip,
}, async (context) => {
  const bench = await createCrashBench(context);
  const ledger = createLedger();
  const clock = join(bench.dataDir, '../clock');
  const env = clockFrom(clock);
  for (const [atStart, later] of [
    ['+0', '-2d'],
    ['-2d', '+3d'],
    ['+3d', '-10d'],
    ['-10d', '+0'],
  ] as const) {
    await writeFile(clock, `${atStart}\n`);
    const signalbox = await bench.start({ env });
    const load = bench.load(signalbox, {
      ledger,
      connections: 2,
      sizes: [5],
      requests: REQUESTS,
      pauseMs: 20,
    });
    await sleep(REQUESTS * 5);
    await writeFile(clock, `${later}\n`);
    await load.done;
    await untilSettled(signalbox);
    await signalbox.stop();
  }
  assert.deepEqual(ledger.answers, { 200: 4 * REQUESTS });
  assert.deepEqual(lostAtSink(ledger, bench.sink), { items: 0, blocks: [] });
  assert.deepEqual(lostInStore(ledger, await readStoreBlocks(bench.dataDir)), { items: 0, blocks: [] });
});

test('a clock that jumped past the age limit between runs makes nothing expire', {
  skip,
}, async (context) => {
  const bench = await createCrashBench(context);
  const ledger = createLedger();
  const clock = join(bench.dataDir, '../clock');
  const env = clockFrom(clock);
  await writeFile(clock, '+0\n');
  await bench.sink.setMode({ kind: 'down' });
  const before = await bench.start({ env });
  await bench.load(before, { ledger, connections: 2, sizes: [5], requests: REQUESTS }).done;
  assertBalanced(await readAccounting(before));
  await before.stop();
  await writeFile(clock, '+30d\n');
  await bench.sink.setMode({ kind: 'ok' });
  const after = await bench.start({ env });
  const report = await untilSettled(after);
  await after.stop();
  const inStore = await readStoreBlocks(bench.dataDir);
  const lost = { otlp: lostAtSink(ledger, bench.sink).items, store: lostInStore(ledger, inStore).items };
  assert.deepEqual(lost, { otlp: 0, store: 0 });
  assert.equal(sumsOf(report, 'otlp').expired + sumsOf(report, 'store').expired, 0);
});
