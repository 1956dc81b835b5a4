import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OperatorError } from '#core/errors.ts';
import { RECORD_HEADER_BYTES, seedOf } from './record.ts';
import { encodeSegmentHeader, parseSegmentName, SEGMENT_HEADER_BYTES } from './segment-header.ts';
import { openTestJournal, payloadNumber } from './testing/open-journal.ts';
import { createSimulatedDisk, type SimulatedDisk } from './testing/simulated-disk.ts';
import { walkSegment } from './walk-segment.ts';

const COUNT = 30;
const ids = Array.from({ length: COUNT }, (_, at) => at + 1);
const itemsOf = (lost: readonly number[]) => lost.reduce((sum, id) => sum + payloadNumber(id).items, 0);

/** A journal that was closed, with one segment of records and an empty one behind it. */
async function closedJournal(count = COUNT): Promise<{ disk: SimulatedDisk; path: string }> {
  const disk = createSimulatedDisk();
  const { journal } = await openTestJournal(disk.connect());
  for (const id of ids.slice(0, count)) await journal.append(payloadNumber(id, { bytes: 200 }));
  await journal.close();
  return { disk, path: disk.paths()[0]! };
}

async function offsetsOf(disk: SimulatedDisk, path: string): Promise<number[]> {
  const file = await disk.connect().open(path, 'read');
  const { journalId } = parseSegmentName(path.split('/').at(-1)!)!;
  const walk = walkSegment(file, { seed: seedOf(journalId), signal: 'traces' });
  const offsets: number[] = [];
  for (let found = await walk.next(); found !== null; found = await walk.next()) offsets.push(found.offset);
  return offsets;
}

const flip = (at: number) => (bytes: Uint8Array) => {
  bytes[at]! ^= 0x10;
  return bytes;
};

for (const [region, offsetIn] of [
  ['the magic number of a record', 1],
  ['the length of a record', 9],
  ['the sequence of a record', 17],
  ['the count of a record', 25],
  ['the tenant of a record', RECORD_HEADER_BYTES + 1],
  ['the payload of a record', RECORD_HEADER_BYTES + 60],
] as const) {
  for (const which of [0, 13, COUNT - 1]) {
    test(`a bit flipped in ${region} number ${which + 1} costs that record, and it is counted as damaged`, async () => {
      const { disk, path } = await closedJournal();
      const offsets = await offsetsOf(disk, path);
      assert.equal(offsets.length, COUNT);
      disk.damage(path, flip(offsets[which]! + offsetIn));
      const { gaps, ids: read, items } = await (await openTestJournal(disk.connect())).readAll();
      assert.deepEqual(
        read,
        ids.filter((id) => id !== which + 1),
      );
      assert.deepEqual(
        gaps.map(({ items: lost, reason }) => ({ lost, reason })),
        [{ lost: itemsOf([which + 1]), reason: 'damaged' }],
      );
      assert.equal(items, itemsOf(ids));
    });
  }
}

test('every bit of a segment header may flip: all records are still read', async () => {
  for (let at = 0; at < SEGMENT_HEADER_BYTES; at++) {
    const { disk, path } = await closedJournal(3);
    disk.damage(path, flip(at));
    const open = await openTestJournal(disk.connect());
    await open.journal.enforceCaps();
    const { gaps, ids: read } = await open.readAll();
    assert.deepEqual({ at, gaps, read }, { at, gaps: [], read: [1, 2, 3] });
  }
});

test('wherever the newest segment is cut off, every whole record before stays and the next append is read', async () => {
  const disk = createSimulatedDisk();
  const first = await openTestJournal(disk.connect());
  for (const id of [1, 2, 3]) await first.journal.append(payloadNumber(id));
  const [path = ''] = disk.paths();
  const offsets = await offsetsOf(disk, path);
  const whole = disk.read(path).slice();
  for (let length = SEGMENT_HEADER_BYTES; length <= whole.length; length++) {
    const copy = createSimulatedDisk();
    const fs = copy.connect();
    await (await fs.create(path)).write([whole.subarray(0, length)], 0);
    const open = await openTestJournal(copy.connect());
    const kept = [...offsets.slice(1), whole.length].filter((end) => end <= length).length;
    await open.journal.append(payloadNumber(9));
    const { gaps, ids: read } = await open.readAll();
    assert.deepEqual({ length, gaps, read }, { length, gaps: [], read: [...[1, 2, 3].slice(0, kept), 9] });
    assert.equal(open.tornBytes(), length - (offsets[kept] ?? whole.length));
    await open.journal.close();
  }
  await first.journal.close();
});

test('a file without a whole header, as a crash can leave it, is no obstacle', async () => {
  const { disk, path } = await closedJournal(3);
  const last = disk.paths().at(-1)!;
  assert.notEqual(last, path);
  disk.damage(last, (bytes) => bytes.slice(0, 20));
  const open = await openTestJournal(disk.connect());
  await open.journal.append(payloadNumber(4));
  assert.deepEqual((await open.readAll()).ids, [1, 2, 3, 4]);
});

test('a segment that somebody removed from the middle is counted as damaged', async () => {
  const disk = createSimulatedDisk();
  const fs = disk.connect();
  const first = await openTestJournal(fs, { config: { max_bytes: 1 << 22 } });
  for (const id of Array.from({ length: 400 }, (_, at) => at + 1))
    await first.journal.append(payloadNumber(id, { bytes: 1000 }));
  await first.journal.close();
  const paths = disk.paths();
  const lost = paths.slice(2, 4).map((path) => parseSegmentName(path.split('/').at(-1)!)!.first);
  await fs.remove(paths[2]!);
  const { gaps, ids: read, items } = await (await openTestJournal(disk.connect())).readAll();
  const missing = Array.from({ length: lost[1]! - lost[0]! }, (_, at) => lost[0]! + at);
  assert.deepEqual(
    read,
    Array.from({ length: 400 }, (_, at) => at + 1).filter((id) => !missing.includes(id)),
  );
  assert.deepEqual(
    gaps.map(({ items: gone, reason }) => ({ gone, reason })),
    [{ gone: itemsOf(missing), reason: 'damaged' }],
  );
  assert.equal(items, itemsOf(Array.from({ length: 400 }, (_, at) => at + 1)));
});

test('bytes in a payload that look like a record are never taken for one', async () => {
  const disk = createSimulatedDisk();
  const { journal } = await openTestJournal(disk.connect());
  const [own = ''] = disk.paths();
  await journal.append(payloadNumber(1));
  const [offset = 0] = await offsetsOf(disk, own);
  const record = disk.read(own).slice(offset);
  // Somebody knows the format, but not this journal's id.
  const stranger = createSimulatedDisk();
  const other = await openTestJournal(stranger.connect());
  await other.journal.append(payloadNumber(1));
  await other.journal.append(payloadNumber(2));
  const [foreign = ''] = stranger.paths();
  const forged = stranger.read(foreign).slice(SEGMENT_HEADER_BYTES);
  await journal.append({ ...payloadNumber(2), bytes: Buffer.concat([Buffer.from('payload 2 '), forged]) });
  await journal.append(payloadNumber(3));
  await journal.close();
  disk.damage(own, flip(offset + record.length + 1));
  const { ids: read } = await (await openTestJournal(disk.connect())).readAll();
  assert.deepEqual(read, [1, 3]);
});

test('a journal of a newer format is refused with what to do, and left as it is', async () => {
  const { disk, path } = await closedJournal(3);
  const { journalId } = parseSegmentName(path.split('/').at(-1)!)!;
  const newer = encodeSegmentHeader({
    version: 2,
    signal: 'traces',
    journalId,
    start: { sequence: 1, itemsBefore: 0 },
    createdMs: 0,
  });
  disk.damage(path, (bytes) => {
    bytes.set(newer);
    return bytes;
  });
  const before = disk.read(path).slice();
  await assert.rejects(openTestJournal(disk.connect()), (error: Error) => {
    assert.ok(error instanceof OperatorError);
    assert.match(error.message, /format version 2.*Start the newer Signalbox/);
    return true;
  });
  assert.deepEqual(disk.read(path), before);
});

test('random bytes in place of the whole journal stop nothing: it goes on, and says how much it cut', async () => {
  const { disk } = await closedJournal();
  for (const path of disk.paths())
    disk.damage(path, (bytes) => bytes.map((byte, at) => byte ^ (at * 7 + 13)));
  const open = await openTestJournal(disk.connect());
  await open.journal.append(payloadNumber(77));
  assert.deepEqual((await open.readAll()).ids, [77]);
});
