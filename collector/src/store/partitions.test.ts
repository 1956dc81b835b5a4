import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { OperatorError } from '#core/errors.ts';
import { EPOCH, SECOND, tracesPayload } from '#test/support/otlp-payload.ts';
import { makeTempFolder, openTempStore, type TempStore } from '#test/support/temp-store.ts';
import { unusableFile } from './unusable-file.ts';

const DAY = 86_400n * SECOND;
const TODAY = '2026-03-04.1.duckdb';
const YESTERDAY = '2026-03-03.1.duckdb';

/** `count` spans that arrived `arrived`; their text is random enough to fill several blocks of a file. */
function spans(service: string, arrived: bigint, count = 1) {
  const text = (n: number) => `${n * 7919}`.repeat(5) + Math.sin(n);
  return tracesPayload(
    { service, arrived },
    Array.from({ length: count }, (_, n) => ({
      trace: `${n + 1}`.padStart(32, '1'),
      span: `${n + 1}`.padStart(16, '0'),
      start: arrived,
      attributes: { text: text(n), other: text(n + 1) },
    })),
  );
}

/** A closed store with spans of yesterday and today. */
async function twoDays(context: TestContext): Promise<string> {
  const folder = await makeTempFolder(context);
  const first = await openTempStore(context, { folder, now: EPOCH });
  await first.accept(spans('old', EPOCH - DAY, 3000), spans('new', EPOCH, 5));
  await first.close();
  return folder;
}

async function countOf(temp: TempStore, service: string): Promise<number> {
  return Number(await temp.value(`SELECT count(*) FROM spans WHERE service = '${service}'`));
}

test('what arrives on a UTC day goes into the file of that day, and views show all days', async (context) => {
  const temp = await openTempStore(context);
  const midnight = (EPOCH / DAY) * DAY;
  await temp.accept(spans('before', midnight - 1n));
  await temp.accept(spans('after', midnight));
  const files = readdirSync(temp.folder).filter((name) => name.endsWith('.duckdb'));
  assert.deepEqual(files.sort(), [YESTERDAY, TODAY]);
  assert.equal(
    Number(await temp.value("SELECT count(*) FROM p_20260303_1.spans WHERE service = 'before'")),
    1,
  );
  assert.equal(
    Number(await temp.value("SELECT count(*) FROM p_20260304_1.spans WHERE service = 'after'")),
    1,
  );
  assert.equal(Number(await temp.value('SELECT count(*) FROM spans')), 2);
});

test('what was written is there after a restart, and more goes into the same file', async (context) => {
  const folder = await twoDays(context);
  const temp = await openTempStore(context, { folder });
  await temp.accept(spans('new', EPOCH, 2));
  assert.equal(await countOf(temp, 'old'), 3000);
  assert.equal(await countOf(temp, 'new'), 7);
  assert.deepEqual(
    temp.store.stats().days.map(({ day, state }) => [day, state]),
    [
      ['2026-03-03', 'ok'],
      ['2026-03-04', 'ok'],
    ],
  );
  await temp.close();
});

for (const [what, spoil] of [
  ['holds something else', () => Buffer.from('this is no database'.repeat(1000))],
  ['is empty', () => Buffer.alloc(0)],
  ['was cut off', (bytes: Buffer) => bytes.subarray(0, 10_000)],
  ['has a bit flipped in its head', (bytes: Buffer) => flip(bytes, 4200)],
] as const) {
  test(`a file that ${what} is set aside at start and reported with its path, and the rest works`, async (context) => {
    const folder = await twoDays(context);
    const path = join(folder, YESTERDAY);
    writeFileSync(path, spoil(readFileSync(path)));
    const temp = await openTempStore(context, { folder });
    assert.equal(temp.reports.damaged.length, 1);
    const [report] = temp.reports.damaged;
    assert.equal(report!.day, '2026-03-03');
    assert.ok(report!.path.startsWith(`${path}.damaged-`), report!.path);
    assert.ok(statSync(report!.path).isFile());
    assert.ok(temp.store.stats().days.some(({ state }) => state.includes(report!.path)));
    await temp.accept(spans('new', EPOCH, 1));
    assert.equal(await countOf(temp, 'new'), 6);
    assert.equal(await countOf(temp, 'old'), 0);
    await temp.close();
  });
}

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0x10;
  return copy;
}

/** Waits for what the store does by itself between two commits. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

for (const [when, name, service] of [
  ['an old day', YESTERDAY, 'old'],
  ['today', TODAY, 'today'],
] as const) {
  test(`flipped bits in the rows of ${when} are found by a query, and the file is set aside while the rest works`, async (context) => {
    const folder = await twoDays(context);
    if (name === TODAY) {
      const more = await openTempStore(context, { folder });
      await more.accept(spans('today', EPOCH, 3000));
      await more.close();
    }
    const path = join(folder, name);
    writeFileSync(path, flipInBlocks(readFileSync(path)));
    const temp = await openTempStore(context, { folder });
    if (temp.reports.damaged.length === 0) {
      await assert.rejects(
        temp.store.read('SELECT sum(length(attributes::VARCHAR)) FROM spans', {}),
        /Corrupt/,
      );
      await until(() => temp.reports.damaged.length > 0);
    }
    assert.ok(temp.reports.damaged[0]!.path.startsWith(`${path}.damaged-`));
    await until(() =>
      temp.store.stats().days.some(({ day, state }) => day === '2026-03-04' && state === 'ok'),
    );
    await temp.accept(spans('next', EPOCH, 10));
    assert.equal(await countOf(temp, service), 0);
    assert.equal(await countOf(temp, 'next'), 10);
    assert.equal(Number(await temp.value("SELECT count(*) FROM resources WHERE service = 'next'")), 1);
    if (name === TODAY) assert.equal(await countOf(temp, 'old'), 3000);
    await temp.close();
  });
}

/** One bit in every data block: which of them has the rows is DuckDB's affair. They come behind 12 KiB of heads. */
function flipInBlocks(bytes: Buffer): Buffer {
  let damaged = bytes;
  for (let at = 12_288 + 5000; at < bytes.length; at += 256 * 1024) damaged = flip(damaged, at);
  return damaged;
}

test('a file that another process has open is not touched, and the message says what to do', async (context) => {
  const folder = await twoDays(context);
  const before = readdirSync(folder).sort();
  const holder = await holdOpen(context, join(folder, YESTERDAY));
  await assert.rejects(openTempStore(context, { folder }), (error: Error) => {
    assert.ok(error instanceof OperatorError, String(error));
    assert.match(error.message, /another Signalbox uses this data folder/);
    assert.match(error.message, new RegExp(`PID ${holder.pid}`));
    return true;
  });
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('damaged')),
    [],
  );
  assert.deepEqual(
    before.filter((name) => !readdirSync(folder).includes(name)),
    [],
  );
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const temp = await openTempStore(context, { folder });
  assert.equal(await countOf(temp, 'old'), 3000);
  await temp.close();
});

async function holdOpen(context: TestContext, path: string) {
  const api = createRequire(import.meta.url).resolve('@duckdb/node-api');
  const program = `
    const { DuckDBInstance } = require(${JSON.stringify(api)});
    DuckDBInstance.create(${JSON.stringify(path)}).then(() => { console.log('open'); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('what cannot be opened for other reasons is explained and never called damaged', () => {
  const explained = (message: string) => unusableFile('/data/x.duckdb', new Error(message)).message;
  const denied = explained('IO Error: Cannot open file "/data/x.duckdb": Permission denied');
  assert.match(denied, /\/data\/x\.duckdb.*read and write access/);
  assert.match(explained('IO Error: Could not write file: No space left on device'), /No space is left/);
  assert.match(
    explained('Out of Memory Error: failed to allocate\nmore'),
    /failed to allocate\. The file was left/,
  );
});

test('a file in place of which there is a folder stops the start, since nobody knows what it is', async (context) => {
  const folder = await makeTempFolder(context);
  mkdirSync(join(folder, YESTERDAY));
  await assert.rejects(openTempStore(context, { folder }), OperatorError);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('damaged')),
    [],
  );
});

test('a file that was removed under the running store is told, and what is accepted next is on disk', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(spans('lost', EPOCH));
  for (const name of readdirSync(temp.folder).filter((name) => name.startsWith(TODAY)))
    rmSync(join(temp.folder, name));
  await temp.accept(spans('kept', EPOCH));
  assert.match(temp.reports.failed.map(({ error }) => error.message).join(), /04\.1\.duckdb was removed/);
  await temp.close();
  const again = await openTempStore(context, { folder: temp.folder, now: EPOCH });
  assert.equal(await countOf(again, 'kept'), 1);
});

test('a folder that was removed under the running store is told, and nothing is accepted', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(spans('lost', EPOCH));
  rmSync(temp.folder, { recursive: true });
  await assert.rejects(temp.store.write([spans('refused', EPOCH)]));
  const messages = temp.reports.failed.map(({ error }) => error.message);
  assert.match(messages[0]!, /was removed while in use/);
  assert.match(messages[1]!, /The folder of .* is gone. Make it again/);
  mkdirSync(temp.folder);
  await temp.accept(spans('kept', EPOCH));
  assert.equal(await countOf(temp, 'kept'), 1);
});
