import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openKeyBook } from './key-book.ts';
import { KeyError } from './key-error.ts';
import { keyFilePath, MAX_KEYS, writeKeys } from './key-file.ts';
import type { KeyRecord } from './key-record.ts';
import { createDataDir, newKey } from './keys.fixture.ts';

const NOW = 1_800_000_000_000;
const HOUR_MS = 3_600_000;

function openBook(t: { after(end: () => void): void }) {
  const dataDir = createDataDir(t);
  const clock = { nowMs: NOW };
  return {
    dataDir,
    clock,
    path: keyFilePath(dataDir),
    book: openKeyBook(dataDir, { nowMs: () => clock.nowMs }),
  };
}

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail('it was done'),
    (fault: unknown) => fault,
  );
  assert.ok(error instanceof KeyError, String(error));
  return error.param === '' ? error.reason : `${error.reason} ${error.param}`;
}

function startWriter(dataDir: string, prefix: string, count: number): ChildProcess {
  const script = new URL('./book-process.fixture.ts', import.meta.url);
  return spawn(process.execPath, [fileURLToPath(script), dataDir, prefix, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('what is kept of a key is a hash, in a file for its owner alone', async (t) => {
  const { book, path } = openBook(t);
  const { key, record } = await book.create(
    newKey('shop', { tenant: 'team-a', limits: { itemsPerSecond: 5 } }),
  );
  const { hash, id, ...rest } = record;
  assert.ok(key.startsWith(`sbk_${id}_`));
  assert.match(hash, /^[\da-f]{64}$/);
  assert.deepEqual(rest, {
    name: 'shop',
    tenant: 'team-a',
    last4: key.slice(-4),
    createdUnixMs: NOW,
    createdBy: 'tester',
    issuedUnixMs: NOW,
    expiresUnixMs: null,
    revokedUnixMs: null,
    limits: { itemsPerSecond: 5, bytesPerSecond: null, burstSeconds: null, itemsPerDay: null },
    previous: null,
  });
  assert.deepEqual(book.list(), [record]);
  const kept = readFileSync(path, 'utf8');
  assert.ok(!kept.includes(key.slice(13, 50)));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(join(path, '..')), ['keys.json']);
});

test('a rotated key keeps its id, name and limits, and the one before holds for the grace time', async (t) => {
  const { book, clock } = openBook(t);
  const made = await book.create(newKey('shop', { limits: { itemsPerDay: 9 } }));
  clock.nowMs += 1000;
  const rotated = await book.rotate(made.record.id, { graceMs: HOUR_MS });
  assert.notEqual(rotated.key, made.key);
  const { hash, last4 } = made.record;
  assert.deepEqual(rotated.record, {
    ...made.record,
    hash: rotated.record.hash,
    last4: rotated.key.slice(-4),
    issuedUnixMs: NOW + 1000,
    previous: { hash, last4, untilUnixMs: NOW + 1000 + HOUR_MS },
  });
  const again = await book.rotate(made.record.id, { graceMs: 0 });
  assert.equal(again.record.previous?.hash, rotated.record.hash);
  assert.equal(again.record.previous?.untilUnixMs, NOW + 1000);
});

test('a revoked key stays so, with the time of the first time', async (t) => {
  const { book, clock } = openBook(t);
  const { id } = (await book.create(newKey('shop'))).record;
  assert.equal((await book.revoke(id)).revokedUnixMs, NOW);
  clock.nowMs += 1000;
  assert.equal((await book.revoke(id)).revokedUnixMs, NOW);
  assert.equal(await reasonOf(book.rotate(id, { graceMs: 0 })), 'invalid');
  assert.equal((await book.create(newKey('shop'))).record.name, 'shop', 'its name is free again');
});

test('name and limits change, each without the other', async (t) => {
  const { book } = openBook(t);
  const { id } = (await book.create(newKey('shop', { limits: { itemsPerSecond: 5 } }))).record;
  await book.create(newKey('other'));
  assert.equal((await book.update(id, { name: 'till' })).name, 'till');
  const { limits, name } = await book.update(id, { limits: { itemsPerDay: 7, itemsPerSecond: null } });
  assert.equal(name, 'till');
  assert.deepEqual(limits, {
    itemsPerSecond: null,
    bytesPerSecond: null,
    burstSeconds: null,
    itemsPerDay: 7,
  });
  assert.equal((await book.update(id, { name: 'till' })).name, 'till');
  assert.equal(await reasonOf(book.update(id, { name: 'other' })), 'exists name');
});

test('what cannot be a key is refused, and nothing is written', async (t) => {
  const { book } = openBook(t);
  await book.create(newKey('shop'));
  const before = book.list();
  for (const name of ['', ' a', 'a\n', 'x'.repeat(101)]) {
    assert.equal(await reasonOf(book.create(newKey(name))), 'invalid name', JSON.stringify(name));
  }
  for (const tenant of ['.', '..', 'a b', 'a|b', 'ä', 'x'.repeat(65)]) {
    assert.equal(await reasonOf(book.create(newKey('a', { tenant }))), 'invalid tenant', tenant);
  }
  for (const expiresUnixMs of [NOW, NOW - 1, NOW + 11 * 366 * 24 * HOUR_MS]) {
    assert.equal(await reasonOf(book.create(newKey('a', { expiresUnixMs }))), 'invalid expires');
  }
  assert.equal(await reasonOf(book.create(newKey('shop'))), 'exists name');
  assert.equal(await reasonOf(book.rotate('nokeyyet', { graceMs: 0 })), 'not_found');
  assert.equal(await reasonOf(book.rotate(before[0]!.id, { graceMs: 31 * 24 * HOUR_MS })), 'invalid grace');
  assert.equal(await reasonOf(book.revoke('nokeyyet')), 'not_found');
  assert.deepEqual(book.list(), before);
});

test('a full book takes another key only in the place of one that is dead', async (t) => {
  const { book, path } = openBook(t);
  const { record } = await book.create(newKey('first'));
  const many = Array.from({ length: MAX_KEYS }, (_, i): KeyRecord => {
    return { ...record, id: String(i).padStart(8, '0'), name: `key ${i}` };
  });
  writeFileSync(path, writeKeys(many));
  assert.equal(await reasonOf(book.create(newKey('one more'))), 'full');
  await book.revoke('00000007');
  await book.create(newKey('one more'));
  const names = book.list().map(({ name }) => name);
  assert.equal(names.length, MAX_KEYS);
  assert.equal(names.at(-1), 'one more');
  assert.ok(!names.includes('key 7'));
});

test('a file that is not as it was written is told, and left as it is', async (t) => {
  const { book, path } = openBook(t);
  const { record } = await book.create(newKey('shop'));
  const whole = readFileSync(path, 'utf8');
  const wrong: [text: string, told: RegExp][] = [
    [whole.slice(0, -20), /it is not JSON/],
    ['', /it is not JSON/],
    ['null', /must be object/],
    [whole.replace('"version": 1', '"version": 2'), /has version 2/],
    [whole.replace(record.hash, 'abc'), /\/keys\/0\/hash must match/],
    [writeKeys([record, record]), /two keys have one id/],
  ];
  for (const [damaged, told] of wrong) {
    writeFileSync(path, damaged);
    assert.throws(() => book.list(), told);
    await assert.rejects(book.create(newKey('other')), told);
    assert.equal(readFileSync(path, 'utf8'), damaged);
  }
});

test('two processes that write at the same time lose nothing of each other', async (t) => {
  const { book, dataDir } = openBook(t);
  const writers = ['a', 'b'].map((prefix) => startWriter(dataDir, prefix, 25));
  const own = (async () => {
    const ids: string[] = [];
    for (let i = 0; i < 25; i++) ids.push((await book.create(newKey(`c ${i}`))).record.id);
    return ids;
  })();
  const told = await Promise.all(writers.map((writer) => text(writer.stdout!)));
  const ids = [...told.flatMap((lines) => lines.trim().split('\n')), ...(await own)];
  assert.equal(ids.length, 75);
  assert.deepEqual(
    book
      .list()
      .map(({ id }) => id)
      .sort(),
    ids.sort(),
  );
});

test('a process that is killed at any moment leaves a whole book with all that it told of', async (t) => {
  const { dataDir } = openBook(t);
  const book = openKeyBook(dataDir);
  const told: string[] = [];
  for (let round = 0; round < 4; round++) {
    const writer = startWriter(dataDir, `round ${round}`, 100_000);
    const lines: Buffer[] = [];
    writer.stdout!.on('data', (chunk: Buffer) => {
      lines.push(chunk);
      if (lines.length > 3 + round) writer.kill('SIGKILL');
    });
    await once(writer, 'close');
    told.push(
      ...Buffer.concat(lines)
        .toString()
        .split('\n')
        .filter((id) => id !== ''),
    );
    const ids = new Set(book.list().map(({ id }) => id));
    assert.deepEqual(
      told.filter((id) => !ids.has(id)),
      [],
    );
  }
  await book.create(newKey('after'));
});

test('what was half written when a process was killed is removed later, and nothing of it is read', async (t) => {
  const { book, path } = openBook(t);
  await book.create(newKey('shop'));
  const abandoned = `${path}.0badcafe.new`;
  writeFileSync(abandoned, '{"version": 1, "keys": [');
  await book.create(newKey('second'));
  assert.ok(readdirSync(join(path, '..')).includes('keys.json.0badcafe.new'), 'somebody may be writing it');
  utimesSync(abandoned, new Date(0), new Date(0));
  await book.create(newKey('third'));
  assert.deepEqual(readdirSync(join(path, '..')), ['keys.json']);
  assert.equal(book.list().length, 3);
});

test('whoever changes the book, root included, the file stays with the owner of its folder', async (t) => {
  const { book, path } = openBook(t);
  const folder = join(path, '..');
  mkdirSync(folder, { mode: 0o700 });
  if (process.getuid?.() === 0) chownSync(folder, 65534, 65534);
  const { id } = (await book.create(newKey('shop'))).record;
  await book.revoke(id);
  assert.deepEqual([statSync(path).uid, statSync(path).gid], [statSync(folder).uid, statSync(folder).gid]);
});
