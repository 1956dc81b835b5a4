import assert from 'node:assert/strict';
import { appendFile, cp, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sumsOf, untilSettled } from '../support/accounting.ts';
import { ackedItems, createLedger, type Ledger } from '../support/load-sender.ts';
import { lostAtSink, lostInStore } from '../support/loss.ts';
import { readStoreBlocks } from '../support/store-blocks.ts';
import { type CrashBench, createCrashBench, createRandom } from './crash-program.ts';
import { findSegment, flipBit, type Region, regionsOf } from './segment-regions.ts';

const SEED = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
/** Bits for each region, each with a start of its own. */
const FLIPS = Number(process.env.CRASH_FLIPS ?? 1);
const ITEMS_OF_REQUEST = 10;
const REQUESTS = 30;
const random = createRandom(SEED);

test(`a bit turned over in any region of a segment costs at most its record, which is counted as damaged (seed ${SEED})`, async (context) => {
  const stopped = await createCrashBench(context);
  const ledger = await fillJournal(stopped);
  const regions = await regionsOf(await findSegment(stopped.dataDir, 'traces'));
  assert.equal(regions.length, 7);
  for (const region of regions) {
    for (let flip = 1; flip <= FLIPS; flip++) {
      const damage = (segment: string) => flipIn(segment, region);
      await context.test(`in the ${region.name} (${flip})`, (inner) =>
        startDamaged(inner, { stopped, ledger, damage }),
      );
    }
  }
});

test('a segment that lost its end, or its end to zeros, costs what is not there, which is counted', async (context) => {
  const stopped = await createCrashBench(context);
  const ledger = await fillJournal(stopped);
  const [last] = (await regionsOf(await findSegment(stopped.dataDir, 'traces'))).slice(-1);
  const cut = async (segment: string) => {
    await truncate(segment, last!.from + 20);
    return 'cut in the last payload';
  };
  const zeros = async (segment: string) => {
    await truncate(segment, last!.from + 20);
    await truncate(segment, last!.to + 5000);
    return 'zeros from the last payload on';
  };
  const stray = async (segment: string) => {
    await appendFile(segment, Buffer.from('SBR1 and what else a disk may show').toString().repeat(100));
    return 'bytes behind the end';
  };
  for (const damage of [cut, zeros, stray]) {
    await context.test(damage.name, (inner) => startDamaged(inner, { stopped, ledger, damage }));
  }
});

test('without its cursor files it begins at the oldest record: nothing is lost', async (context) => {
  const bench = await createCrashBench(context);
  const ledger = await fillJournal(bench);
  const cursors = join(bench.dataDir, 'cursors');
  const names = (await readdir(cursors)).filter((name) => name.endsWith('.json'));
  assert.notEqual(names.length, 0);
  for (const name of names) await rm(join(cursors, name));
  await bench.sink.setMode({ kind: 'ok' });
  const signalbox = await bench.start();
  await untilSettled(signalbox);
  await signalbox.stop();
  assert.deepEqual(lostAtSink(ledger, bench.sink), { items: 0, blocks: [] });
  assert.deepEqual(lostInStore(ledger, await readStoreBlocks(bench.dataDir)), { items: 0, blocks: [] });
});

/** Spans that only the store has: the sink is down. The program has stopped. */
async function fillJournal(bench: CrashBench): Promise<Ledger> {
  await bench.sink.setMode({ kind: 'down' });
  const signalbox = await bench.start();
  const ledger = createLedger();
  const sizes = [ITEMS_OF_REQUEST];
  await bench.load(signalbox, { ledger, connections: 1, requests: REQUESTS, sizes, signals: ['traces'] })
    .done;
  await signalbox.stop();
  assert.equal(ackedItems(ledger), REQUESTS * ITEMS_OF_REQUEST);
  return ledger;
}

interface Damaged {
  stopped: CrashBench;
  ledger: Ledger;
  /** Damages the segment and says how. */
  damage(segment: string): Promise<string>;
}

async function flipIn(segment: string, { name, from, to }: Region): Promise<string> {
  const position = from + Math.floor(random() * (to - from));
  const bit = Math.floor(random() * 8);
  await flipBit(segment, position, bit);
  return `bit ${bit} of byte ${position}, ${name}`;
}

/** Both destinations read the damaged segment: the sink has nothing yet, and the store is gone. */
async function startDamaged(context: TestContext, { stopped, ledger, damage }: Damaged): Promise<void> {
  const bench = await createCrashBench(context);
  await cp(stopped.dataDir, bench.dataDir, { recursive: true });
  await rm(join(bench.dataDir, 'store'), { recursive: true });
  const what = await damage(await findSegment(bench.dataDir, 'traces'));
  const signalbox = await bench.start();
  const report = await untilSettled(signalbox);
  await signalbox.stop();
  const inStore = await readStoreBlocks(bench.dataDir);
  const lost = { otlp: lostAtSink(ledger, bench.sink).items, store: lostInStore(ledger, inStore).items };
  const counted = { otlp: sumsOf(report, 'otlp').damaged, store: sumsOf(report, 'store').damaged };
  assert.deepEqual(counted, lost, `counted as damaged, and lost: ${what}`);
  assert.equal(sumsOf(report, 'otlp').delivered, bench.sink.taken.traces.size, `delivered: ${what}`);
  assert.ok(lost.otlp <= ITEMS_OF_REQUEST, `${lost.otlp} items lost: ${what}`);
}
