import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordRef } from '#core/record.ts';
import type { JournalFile } from './file-system.ts';
import { createRecordSource } from './record-source.ts';
import { openTestJournal, payloadNumber } from './testing/open-journal.ts';
import { createSimulatedDisk } from './testing/simulated-disk.ts';

const config = { segment_max_bytes: 64 * 1024, max_bytes: 1 << 24 };
const COUNT = 40;

/** A journal of one large record a segment, whose files tell when they are used after they were closed. */
async function manySegments() {
  const disk = createSimulatedDisk();
  const fs = disk.connect();
  const { journal } = await openTestJournal(fs, { config });
  for (let id = 1; id <= COUNT; id++) await journal.append(payloadNumber(id, { bytes: 70_000 }));
  const faults = { open: 0, read: 0 };
  const opened = new Set<string>();
  const strict = {
    ...fs,
    async open(path: string, access: 'read' | 'write'): Promise<JournalFile> {
      if (faults.open-- > 0) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      const file = await fs.open(path, access);
      opened.add(path);
      const read: JournalFile['read'] = async (into, position) => {
        if (!opened.has(path)) throw new Error('read after close');
        if (faults.read-- > 0) throw Object.assign(new Error('EIO'), { code: 'EIO' });
        const filled = await file.read(into, position);
        if (!opened.has(path)) throw new Error('closed while read');
        return filled;
      };
      return { ...file, read, close: async () => void opened.delete(path) };
    },
  };
  const source = createRecordSource({
    signal: 'traces',
    fs: strict,
    view: journal.view,
    onChange: journal.onChange,
  });
  return { faults, journal, opened, source };
}

type Source = Awaited<ReturnType<typeof manySegments>>['source'];

async function refsOf(source: Source): Promise<RecordRef[]> {
  const scanner = source.scan(source.oldest());
  const events = await scanner.read(1000);
  await scanner.close();
  return events.flatMap((event) => (event.kind === 'record' ? [event.ref] : []));
}

test('records of many segments can be read at the same time', async () => {
  const { source } = await manySegments();
  const refs = await refsOf(source);
  assert.equal(refs.length, COUNT);
  const loaded = await Promise.all([...refs, ...refs].map((ref) => source.load(ref)));
  assert.deepEqual(
    loaded.filter((payload) => typeof payload === 'string'),
    [],
  );
});

test('a disk or a process that fails for a moment is not damage: reading throws, and reads it the next time', async () => {
  const { faults, source } = await manySegments();
  const scanner = source.scan(source.oldest());
  faults.open = 1;
  await assert.rejects(scanner.read(10), /EMFILE/);
  assert.equal((await scanner.read(1000)).filter(({ kind }) => kind === 'record').length, COUNT);
  await scanner.close();
  const [ref] = await refsOf(source);
  faults.read = 1;
  await assert.rejects(source.load(ref!), /EIO/);
  assert.ok(typeof (await source.load(ref!)) !== 'string');
});

test('files of segments that were removed are closed, since an open file keeps its bytes on disk', async () => {
  const { journal, opened, source } = await manySegments();
  const scanner = source.scan(source.oldest());
  for (const event of await scanner.read(1000)) if (event.kind === 'record') await source.load(event.ref);
  assert.ok(opened.size > 1);
  journal.setNeeded('model', scanner.position().sequence);
  await journal.enforceCaps();
  await scanner.read(1);
  assert.ok(opened.size <= 1, [...opened].join());
  source.close();
  await scanner.close();
  await new Promise(setImmediate);
  assert.equal(opened.size, 0);
});
