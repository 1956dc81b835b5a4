import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertBalanced, readAccounting } from '../support/accounting.ts';
import { createLedger } from '../support/load-sender.ts';
import { until } from '../support/until.ts';
import { assertAllDelivered, createCrashBench } from './crash-program.ts';
import { describeAnswers } from './traced-load.ts';

const MIB = 1024 * 1024;
const DISK_BYTES = 96 * MIB;
/** Left free by the filler: what the load needs to fill the rest itself. */
const LEFT_BYTES = 4 * MIB;

test('a full disk: senders are told to come back (503, Retry-After, never 500), and what was acknowledged is kept', {
  skip: process.getuid?.() === 0 ? false : 'only root may mount a small disk',
}, async (context) => {
  const disk = await mountSmallDisk(context);
  const bench = await createCrashBench(context, { dataDir: join(disk, 'data') });
  const ledger = createLedger();
  const signalbox = await bench.start();
  const load = bench.load(signalbox, { ledger, connections: 4, sizes: [10, 100], padding: 200, pauseMs: 5 });
  const acked = () => ledger.acked.length;
  await until('the first answers', async () => (acked() > 20 ? true : undefined));

  const { bavail, bsize } = await statfs(disk);
  await writeFile(join(disk, 'filler'), Buffer.alloc(bavail * bsize - LEFT_BYTES));
  await until(
    'the disk to be full',
    async () => ((ledger.answers['503'] ?? 0) >= 10 ? true : undefined),
    60_000,
  );
  assert.equal((await signalbox.fetchApi('/livez')).status, 200, 'it lives');
  assertBalanced(await readAccounting(signalbox));

  await rm(join(disk, 'filler'));
  const full = acked();
  await until('it to go on', async () => (acked() > full + 50 ? true : undefined), 60_000);
  await load.stop();
  context.diagnostic(`answers ${JSON.stringify(ledger.answers)}`);
  assert.deepEqual(Object.keys(ledger.answers).sort(), ['200', '503'], describeAnswers(ledger));
  assert.ok(
    ledger.refusals.every(({ retryAfter }) => Number(retryAfter) > 0),
    describeAnswers(ledger),
  );
  await signalbox.stop();
  await assertAllDelivered(bench, ledger);
});

async function mountSmallDisk(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'signalbox-test', folder]);
  assert.equal(mounted.status, 0, String(mounted.stderr));
  // Runs after the program was killed, so that nobody holds it.
  context.after(async () => {
    spawnSync('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}
