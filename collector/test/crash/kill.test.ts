import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SIGNALS } from '#core/signal.ts';
import {
  acceptedItems,
  assertBalanced,
  readAccounting,
  sumsOf,
  untilSettled,
} from '../support/accounting.ts';
import { ackedItems, createLedger, type Ledger } from '../support/load-sender.ts';
import { lostAtSink, lostInStore } from '../support/loss.ts';
import type { SinkMode } from '../support/otlp-sink.ts';
import { runSignalbox, type Signalbox } from '../support/start-signalbox.ts';
import { duplicateRows, readStoreBlocks } from '../support/store-blocks.ts';
import { createLoadReader } from './api-load.ts';
import { type CrashBench, createCrashBench, createRandom } from './crash-program.ts';

const KILLS = Number(process.env.CRASH_KILLS ?? 8);
const SEED = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
/** Small, so that a window is small as well: as many requests as are in flight may be answered and not yet noted. */
const IN_FLIGHT = 2;
const BATCH_ITEMS = 200;
const WINDOW_ITEMS = SIGNALS.length * 2 * IN_FLIGHT * BATCH_ITEMS;
const env = {
  SIGNALBOX_EXPORTER_OTLP_MAX_IN_FLIGHT: String(IN_FLIGHT),
  SIGNALBOX_EXPORTER_OTLP_MAX_BATCH_ITEMS: String(BATCH_ITEMS),
};
/** Senders' load in one life of the program ends after at most this. */
const LONGEST_LIFE_MS = 1200;
/** One kill of so many hits the start, before the program is up. */
const KILL_IN_START_EVERY = 7;

const random = createRandom(SEED);
const upTo = (max: number) => Math.floor(random() * max);

test(`${KILLS} kills under load: all that was acknowledged is at both destinations`, async (context) => {
  const bench = await createCrashBench(context);
  const ledger = createLedger();
  const repeated: number[] = [];
  for (let kill = 1; kill <= KILLS; kill++) {
    const before = bench.sink.duplicates();
    if (kill % KILL_IN_START_EVERY === 0) await killInStart(bench);
    else await liveAndDie(bench, ledger);
    // What a life sends again, it does because of the kill before it.
    if (kill > 1) repeated.push(bench.sink.duplicates() - before);
  }
  const before = bench.sink.duplicates();
  await bench.sink.setMode({ kind: 'ok' });
  const signalbox = await bench.start({ env });
  await checkAccounts(signalbox, ledger);
  repeated.push(bench.sink.duplicates() - before);
  const shown = await createLoadReader(signalbox, ledger).lost();
  await signalbox.stop();

  const blocks = await readStoreBlocks(bench.dataDir);
  const sinkLoss = lostAtSink(ledger, bench.sink);
  const storeLoss = lostInStore(ledger, blocks);
  report(context, ledger, {
    repeated,
    storeRepeated: duplicateRows(blocks),
    lost: sinkLoss.items + storeLoss.items,
  });
  assert.deepEqual(sinkLoss, { items: 0, blocks: [] }, 'lost at the OTLP destination');
  assert.deepEqual(storeLoss, { items: 0, blocks: [] }, 'lost in the store');
  assert.deepEqual(shown, { spans: 0, logs: 0 }, 'not shown by the API');
  assert.deepEqual(bench.sink.malformed, []);
  assert.ok(Math.max(...repeated) <= WINDOW_ITEMS, `${Math.max(...repeated)} items again after one kill`);
  assert.equal(duplicateRows(blocks), 0, 'the cursor of the store moves with its rows');
});

/** One start, load, and a kill in it. */
async function liveAndDie(bench: CrashBench, ledger: Ledger): Promise<void> {
  const signalbox = await bench.start({ env });
  const accounts = await readAccounting(signalbox);
  assertBalanced(accounts);
  assert.ok(
    acceptedItems(accounts) >= ackedItems(ledger),
    'after a restart it knows of all that was acknowledged',
  );
  await bench.sink.setMode(anyMode());
  const load = bench.load(signalbox, { ledger, connections: 8, sizes: [1, 10, 100], pauseMs: upTo(30) });
  await sleep(upTo(LONGEST_LIFE_MS));
  await signalbox.kill();
  await load.stop();
}

/** Most of the time the destination works: what is delivered and not yet noted makes duplicates. */
function anyMode(): SinkMode {
  const modes: SinkMode[] = [{ kind: 'down' }, { kind: 'status', status: 503 }, { kind: 'hang' }];
  return modes[upTo(12)] ?? { kind: 'ok' };
}

async function killInStart(bench: CrashBench): Promise<void> {
  const killAfterMs = upTo(900);
  let timer: NodeJS.Timeout | undefined;
  const exit = await runSignalbox({
    dataDir: bench.dataDir,
    env: { ...bench.env, ...env },
    onSpawn: (pid) => {
      timer = setTimeout(() => process.kill(pid, 'SIGKILL'), killAfterMs);
    },
  });
  clearTimeout(timer);
  assert.equal(exit.signal, 'SIGKILL', `it ended by itself: ${exit.stdout}${exit.stderr}`);
}

/** Both destinations settle, and the totals are what senders know. */
async function checkAccounts(signalbox: Signalbox, ledger: Ledger): Promise<void> {
  const accounts = await untilSettled(signalbox);
  const accepted = acceptedItems(accounts);
  assert.ok(accepted >= ackedItems(ledger), `accepted ${accepted}, acknowledged ${ackedItems(ledger)}`);
  for (const destination of ['store', 'otlp']) {
    const { delivered, waiting: _, accepted: own, ...lost } = sumsOf(accounts, destination);
    assert.deepEqual(lost, { expired: 0, refused: 0, deadLettered: 0, damaged: 0 }, destination);
    assert.deepEqual({ delivered, own }, { delivered: accepted, own: accepted }, destination);
  }
}

function report(
  context: TestContext,
  ledger: Ledger,
  { repeated, storeRepeated, lost }: { repeated: number[]; storeRepeated: number; lost: number },
): void {
  const mean = repeated.reduce((sum, count) => sum + count, 0) / repeated.length;
  context.diagnostic(
    `kills ${KILLS} (seed ${SEED}); acknowledged ${ledger.acked.length} requests, ` +
      `${ackedItems(ledger, 'traces')} spans, ${ackedItems(ledger, 'logs')} log records, ${ackedItems(ledger, 'metrics')} points; ` +
      `lost ${lost}; duplicates per kill: otlp max ${Math.max(...repeated)}, mean ${mean.toFixed(1)}, store ${storeRepeated} in all; ` +
      `answers ${JSON.stringify(ledger.answers)}`,
  );
}
