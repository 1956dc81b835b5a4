import assert from 'node:assert/strict';
import { mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DeadLetter } from '../frame/dead-letters.ts';
import { createMemorySource } from '../testing/memory-source.ts';
import { createDeadLetters } from './dead-letters.ts';

async function start(t: TestContext, maxBytes?: number) {
  const dataDir = await mkdtemp(join(tmpdir(), 'letters-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const config = { dataDir, destination: 'otlp', signal: 'logs' as const };
  const open = () => createDeadLetters(maxBytes === undefined ? config : { ...config, maxBytes });
  return { open, letters: open(), folder: join(dataDir, 'dead-letter/otlp/logs') };
}

const source = createMemorySource('logs');
function letter(sequence: number, more: Partial<DeadLetter> = {}): DeadLetter {
  const payload = Buffer.from('abc');
  const info = { ...source.append({ payload, items: 2, tenant: 't', receivedUnixNano: 123n }), sequence };
  return { journalId: 'j1', info, firstItem: 3, reason: 'bad "span"', ...more };
}

test('a letter is two private files, and comes back as it was put', async (t) => {
  const { folder, letters } = await start(t);
  await letters.put(letter(42), Buffer.from('abc'));
  const files = (await readdir(folder)).sort();
  assert.deepEqual(
    files.map((file) => file.replace(/^[0-9a-f]{8}-/, '')),
    ['000000000042-3-5.json', '000000000042-3-5.pb'],
  );
  for (const file of files) assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  const name = files[0]!.replace('.json', '');
  const read = await letters.read(name);
  const {
    segment: _segment,
    offset: _offset,
    ...info
  } = letter(42).info as DeadLetter['info'] & { segment?: number; offset?: number };
  assert.equal(read!.reason, 'bad "span"');
  assert.deepEqual(read!.info, { ...info, itemsBefore: read!.info.itemsBefore });
});

test('marked letters are found, others are not; sent ones go, those put again stay', async (t) => {
  const { folder, letters } = await start(t);
  await letters.put(letter(1), Buffer.from('one'));
  await letters.put(letter(2), Buffer.from('two'));
  assert.deepEqual(await letters.marked(10), []);
  const names = (await readdir(folder))
    .filter((file) => file.endsWith('.pb'))
    .map((file) => file.slice(0, -3))
    .sort();
  for (const name of names) await rename(join(folder, `${name}.pb`), join(folder, `${name}.pb.replay`));
  assert.deepEqual(await letters.marked(1), names.slice(0, 1));
  assert.deepEqual(await letters.marked(10), names);
  assert.equal((await letters.load(names[0]!))!.toString(), 'one');
  await letters.put(letter(2, { reason: 'still bad' }), Buffer.from('two'));
  for (const name of names) await letters.finish(name);
  assert.deepEqual((await readdir(folder)).sort(), [`${names[1]}.json`, `${names[1]}.pb`]);
  assert.equal((await letters.read(names[1]!))!.reason, 'still bad');
});

test('letters that were not counted before a crash go, of this journal and from that record on only', async (t) => {
  const { folder, letters } = await start(t);
  for (const each of [letter(4), letter(5), letter(6), letter(7, { journalId: 'other' })])
    await letters.put(each, Buffer.from('x'));
  await letters.dropUncounted({ journalId: 'j1', sequence: 5 }, ({ info }) => info.sequence === 6);
  const kept = (await readdir(folder))
    .filter((file) => file.endsWith('.pb'))
    .map((file) => Number(file.split('-')[1]));
  assert.deepEqual(kept.sort(), [4, 6, 7]);
});

test('the oldest go when the folder is full, counted, also those from before a restart', async (t) => {
  const { open, folder } = await start(t, 4 * 8192);
  const first = open();
  for (const sequence of [1, 2, 3, 4])
    assert.equal((await first.put(letter(sequence), Buffer.from('x'))).letters, 0);
  const oldest = (await readdir(folder)).find(
    (file) => file.includes('000000000003-') && file.endsWith('.pb'),
  );
  await utimes(join(folder, oldest!), 1, 1);
  const second = open();
  assert.deepEqual(await second.put(letter(5), Buffer.from('x')), { letters: 1, items: 2 });
  const kept = (await readdir(folder))
    .filter((file) => file.endsWith('.pb'))
    .map((file) => Number(file.split('-')[1]));
  assert.deepEqual(kept.sort(), [1, 2, 4, 5]);
});

test('foreign files are left alone, and a description that cannot be read is none', async (t) => {
  const { folder, letters } = await start(t);
  await letters.put(letter(1), Buffer.from('x'));
  const [about] = await readdir(folder);
  await writeFile(join(folder, about!), '{}');
  for (const file of ['note.txt', '..pb.replay', 'x.pb.replay']) await writeFile(join(folder, file), '');
  assert.deepEqual(await letters.marked(10), []);
  assert.equal(await letters.read(about!.replace('.json', '')), null);
});

test('a folder that is not there holds nothing and is not made by looking', async (t) => {
  const { letters } = await start(t);
  await letters.watch();
  assert.deepEqual(await letters.marked(10), []);
  await letters.dropUncounted({ journalId: 'j1', sequence: 0 }, () => false);
  await letters.finish('x');
});
