import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeFileSystem } from './file-system.ts';
import { openTestJournal, payloadNumber, type TestJournal } from './testing/open-journal.ts';
import { createSimulatedDisk } from './testing/simulated-disk.ts';

const small = { segment_max_bytes: 64 * 1024, max_bytes: 1 << 20 };

async function append(open: TestJournal, ids: readonly number[], bytes = 500): Promise<string[]> {
  const outcomes = await Promise.all(ids.map((id) => open.journal.append(payloadNumber(id, { bytes }))));
  return outcomes.map(({ kind }) => kind);
}

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, at) => from + at);
const itemsOf = (ids: readonly number[]) => ids.reduce((sum, id) => sum + payloadNumber(id).items, 0);

test('on a real disk payloads come back in order over restarts, in files that only their owner may read', async (context) => {
  const root = await mkdtemp(join(tmpdir(), 'signalbox-journal-'));
  context.after(() => rm(root, { recursive: true }));
  const folder = join(root, 'journal');
  const first = await openTestJournal(nodeFileSystem, { folder, config: small });
  assert.deepEqual(new Set(await append(first, upTo(300))), new Set(['accepted']));
  await first.journal.close();
  const second = await openTestJournal(nodeFileSystem, { folder, config: small });
  await append(second, upTo(10, 301));
  const { gaps, ids, items } = await second.readAll();
  assert.deepEqual(ids, upTo(310));
  assert.deepEqual(gaps, []);
  assert.equal(items, itemsOf(upTo(310)));
  assert.equal(second.journal.account().accepted, items);
  assert.equal(second.source.journalId, first.source.journalId);
  const [name = ''] = await readdir(join(folder, 'traces'));
  assert.equal((await stat(join(folder, 'traces', name))).mode & 0o777, 0o600);
  assert.equal((await stat(join(folder, 'traces'))).mode & 0o777, 0o700);
  await second.source.close();
  await second.journal.close();
});

test('payloads that come together share one sync', async () => {
  const disk = createSimulatedDisk();
  let syncs = 0;
  const fs = disk.connect();
  const counting = {
    ...fs,
    create: async (path: string) => {
      const file = await fs.create(path);
      const sync = () => {
        syncs++;
        return file.sync();
      };
      return { ...file, sync };
    },
  };
  const open = await openTestJournal(counting);
  syncs = 0;
  await append(open, upTo(100));
  assert.ok(syncs <= 2, `${syncs} syncs for 100 payloads`);
});

test('what every destination has passed goes, a segment at a time, and nothing before', async () => {
  const disk = createSimulatedDisk();
  const open = await openTestJournal(disk.connect(), { config: { ...small, max_bytes: 1 << 22 } });
  for (const id of upTo(400)) await append(open, [id], 1000);
  assert.ok(open.journal.account().segments > 5);
  open.journal.setNeeded('model', 200);
  await open.journal.enforceCaps();
  const oldest = open.source.oldest().sequence;
  assert.ok(oldest <= 200 && oldest > 100, `the oldest is ${oldest}`);
  assert.deepEqual((await open.readAll()).ids, upTo(401 - oldest, oldest));
  open.journal.setNeeded('model', 401);
  await open.journal.enforceCaps();
  assert.equal(open.journal.account().segments, 1);
  assert.deepEqual(open.dropped, []);
});

test('above the size cap the oldest goes and is told as expired, with every item counted', async () => {
  const disk = createSimulatedDisk();
  const open = await openTestJournal(disk.connect(), { config: small });
  for (const id of upTo(2000)) await append(open, [id], 1000);
  assert.ok(open.journal.account().bytes <= small.max_bytes + small.segment_max_bytes * 2);
  assert.ok(open.dropped.length > 0 && open.dropped.every((reason) => reason === 'size'));
  const scanner = open.source.scan({ sequence: 1, itemsBefore: 0 });
  const [gap] = await scanner.read(1);
  assert.ok(gap?.kind === 'gap' && gap.reason === 'expired');
  assert.equal(gap.items, itemsOf(upTo(gap.next - 1)));
  assert.equal((await open.readAll()).ids.at(-1), 2000);
});

test('with when_full refuse senders are refused until there is room', async () => {
  const disk = createSimulatedDisk();
  const open = await openTestJournal(disk.connect(), { config: { ...small, when_full: 'refuse' } });
  const answers: string[] = [];
  for (const id of upTo(1200)) answers.push(...(await append(open, [id], 1000)));
  assert.equal(answers.at(-1), 'retry_after');
  const accepted = answers.filter((kind) => kind === 'accepted').length;
  assert.deepEqual((await open.readAll()).ids, upTo(accepted));
  open.journal.setNeeded('model', accepted + 1);
  await open.journal.enforceCaps();
  assert.deepEqual(await append(open, [5000]), ['accepted']);
});

test('what nobody took goes by age, also when it is in the segment appended to', async () => {
  const disk = createSimulatedDisk();
  let nowMs = 1_772_600_767_000;
  const open = await openTestJournal(disk.connect(), { nowMs: () => nowMs });
  await append(open, upTo(10));
  nowMs += 23 * 3_600_000;
  await open.journal.enforceCaps();
  assert.deepEqual((await open.readAll()).ids, upTo(10));
  nowMs += 2 * 3_600_000;
  await open.journal.enforceCaps();
  assert.deepEqual(open.dropped, ['age']);
  assert.deepEqual((await open.readAll()).ids, []);
  assert.equal(open.journal.account().accepted, itemsOf(upTo(10)));
});

test("setting the machine's clock, while it runs or between runs, changes no age", async () => {
  const disk = createSimulatedDisk();
  let wallMs = 1_772_600_767_000;
  const monotonicMs = () => 5000;
  const fs = disk.connect();
  const open = await openTestJournal(fs, { clocks: { wallMs: () => wallMs, monotonicMs } });
  await append(open, upTo(10));
  for (const jump of [400 * 86_400_000, -800 * 86_400_000]) {
    wallMs += jump;
    await open.journal.enforceCaps();
    assert.deepEqual((await open.readAll()).ids, upTo(10));
  }
  await open.journal.close();
  for (const jump of [-400 * 86_400_000, 4000 * 86_400_000]) {
    wallMs += jump;
    const again = await openTestJournal(disk.connect(), { clocks: { wallMs: () => wallMs, monotonicMs } });
    await again.journal.enforceCaps();
    assert.deepEqual((await again.readAll()).ids, upTo(10));
    const oldestMs = again.journal.account().oldestUnixMs ?? 0;
    assert.ok(Math.abs(wallMs - oldestMs) < 60_000, 'its age is told on the wall clock of now');
    await again.journal.close();
  }
});

test('a disk that takes no more is 503 for the sender, and the journal goes on when it does again', async () => {
  const disk = createSimulatedDisk();
  let nowMs = 1_772_600_767_000;
  const open = await openTestJournal(disk.connect(), { nowMs: () => nowMs });
  await append(open, upTo(3));
  disk.fail('write', 100);
  assert.deepEqual(await append(open, [4]), ['retry_after']);
  assert.match(open.journal.account().failure ?? '', /ENOSPC/);
  const tries = open.failures.length;
  assert.deepEqual(await append(open, [5]), ['retry_after'], 'refused at once');
  assert.equal(open.failures.length, tries, 'the disk was left alone');
  disk.fail('write', 0);
  nowMs += 2000;
  assert.deepEqual(await append(open, [6]), ['accepted']);
  assert.equal(open.journal.account().failure, null);
  assert.deepEqual((await open.readAll()).ids, [1, 2, 3, 6]);
});

test('a failed sync is not believed: its records are written and synced again elsewhere, and survive a power failure', async () => {
  const disk = createSimulatedDisk();
  const open = await openTestJournal(disk.connect());
  await append(open, upTo(3));
  disk.fail('sync', 1);
  assert.deepEqual(await append(open, [4, 5]), ['accepted', 'accepted']);
  assert.deepEqual(open.failures, ['write: EIO: i/o error', 'recovered']);
  disk.crash(() => 0);
  const again = await openTestJournal(disk.connect());
  assert.deepEqual(await again.readAll().then(({ gaps, ids }) => ({ gaps, ids })), {
    gaps: [],
    ids: upTo(5),
  });
});

test('it heals by itself, without a new record, once the disk is well', async () => {
  const disk = createSimulatedDisk();
  let nowMs = 1_772_600_767_000;
  const open = await openTestJournal(disk.connect(), { nowMs: () => nowMs });
  disk.fail('write', 100);
  await append(open, [1]);
  disk.fail('write', 0);
  nowMs += 2000;
  assert.match(open.journal.account().failure ?? '', /ENOSPC/);
  await open.journal.enforceCaps();
  assert.equal(open.journal.account().failure, null);
  assert.equal(open.failures.at(-1), 'recovered');
});

test('a folder that is removed under it is told, and what is accepted next is on disk', async () => {
  const disk = createSimulatedDisk();
  const fs = disk.connect();
  let nowMs = 1_772_600_767_000;
  const open = await openTestJournal(fs, { nowMs: () => nowMs });
  await append(open, [1]);
  for (const path of disk.paths()) await fs.remove(path);
  nowMs += 2000;
  assert.deepEqual(await append(open, [2]), ['accepted']);
  assert.match(open.failures[0] ?? '', /was removed while in use/);
  disk.crash(() => 0);
  assert.deepEqual((await (await openTestJournal(disk.connect())).readAll()).ids, [2]);
});

test('with fsync interval a failed write leaves what was acknowledged before it synced and to be read', async () => {
  const disk = createSimulatedDisk();
  const open = await openTestJournal(disk.connect(), {
    config: { fsync: 'interval', fsync_interval_ms: 60_000 },
  });
  assert.deepEqual(await append(open, [1, 2]), ['accepted', 'accepted']);
  disk.fail('write', 2);
  assert.deepEqual(await append(open, [3]), ['retry_after']);
  assert.deepEqual((await open.readAll()).ids, [1, 2]);
  disk.crash(() => 0);
  assert.deepEqual((await (await openTestJournal(disk.connect())).readAll()).ids, [1, 2]);
});

test('at its size with when_full refuse it says that it is full', async () => {
  const disk = createSimulatedDisk();
  const open = await openTestJournal(disk.connect(), { config: { ...small, when_full: 'refuse' } });
  for (const id of upTo(1200)) await append(open, [id], 1000);
  assert.match(open.journal.account().failure ?? '', /full/);
});

test('with fsync interval a sender is answered before the sync, and readers see it after', async () => {
  const disk = createSimulatedDisk();
  const open = await openTestJournal(disk.connect(), {
    config: { fsync: 'interval', fsync_interval_ms: 20 },
  });
  assert.deepEqual(await append(open, [1]), ['accepted']);
  assert.deepEqual((await open.readAll()).ids, []);
  await new Promise<void>((resolve) => open.journal.onChange(resolve));
  while ((await open.readAll()).ids.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await open.journal.close();
});

test('more than may wait in memory is refused, and closing refuses what comes after', async () => {
  const disk = createSimulatedDisk();
  const open = await openTestJournal(disk.connect(), { config: { max_pending_bytes: 2500 } });
  assert.deepEqual(await append(open, [1, 2, 3], 1000), ['accepted', 'accepted', 'retry_after']);
  assert.equal(open.journal.pendingBytes(), 0);
  assert.deepEqual(await append(open, [4], 100_000), ['accepted'], 'a large one is taken when nothing waits');
  await open.journal.close();
  assert.deepEqual(await append(open, [5]), ['retry_after']);
});
