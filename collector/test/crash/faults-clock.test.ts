import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertBalanced, readAccounting, sumsOf, untilSettled } from '../support/accounting.ts';
import { createLedger } from '../support/load-sender.ts';
import { lostAtSink, lostInStore } from '../support/loss.ts';
import { readStoreBlocks } from '../support/store-blocks.ts';
import { createCrashBench } from './crash-program.ts';

/** Debian's package `faketime`; Node takes its wall clock from it, timers go on as before. */
const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';
const skip = existsSync(LIBRARY) ? false : 'libfaketime is not installed';
const REQUESTS = 40;

/** The wall clock is off by what stands in `file`, which may change while the program runs. */
function clockFrom(file: string): Record<string, string> {
  return {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
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
    const send = () => bench.load(signalbox, { ledger, connections: 2, sizes: [5], requests: REQUESTS }).done;
    await send();
    await writeFile(clock, `${later}\n`);
    await send();
    await untilSettled(signalbox);
    await signalbox.stop();
  }
  assert.deepEqual(ledger.answers, { 200: 8 * REQUESTS });
  assert.deepEqual(lostAtSink(ledger, bench.sink), { items: 0, blocks: [] });
  assert.deepEqual(lostInStore(ledger, await readStoreBlocks(bench.dataDir)), { items: 0, blocks: [] });
});

test('what expires because the clock jumped past the age limit is counted, for each destination', {
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
  const expired = { otlp: sumsOf(report, 'otlp').expired, store: sumsOf(report, 'store').expired };
  context.diagnostic(`expired: ${JSON.stringify(expired)}`);
  const inStore = await readStoreBlocks(bench.dataDir);
  assert.deepEqual(
    { otlp: lostAtSink(ledger, bench.sink).items, store: lostInStore(ledger, inStore).items },
    expired,
  );
});
