import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createMemoryLogger } from '#self/memory-logger.fixture.ts';
import type { Notice } from './alert.ts';
import { type AlertBook, openAlertBook } from './alert-book.ts';
import { brief, notice, SECOND, TEN } from './testing/notices.ts';

const ALL = { state: null, severity: null, words: [], limit: 100_000, after: null };

async function start(t: TestContext) {
  const dataDir = await mkdtemp(join(tmpdir(), 'alert-book-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const folder = join(dataDir, 'alerts');
  const logger = createMemoryLogger();
  const clock = { now: TEN };
  const counted = { taken: 0, late: 0, leftOut: 0, age: 0, room: 0 };
  const add = (more: Partial<typeof counted>) => {
    for (const [name, count] of Object.entries(more)) counted[name as keyof typeof counted] += count;
  };
  const open = (at = folder) =>
    openAlertBook(at, {
      clock: () => clock.now,
      logger,
      metrics: { countAlertNotices: add, countAlertsRemoved: add },
    });
  return { folder, path: join(folder, 'alerts.jsonl'), logger, clock, counted, open, dataDir };
}

const tell = (book: AlertBook, ...notices: Notice[]) => book.record({ notices, leftOut: 0 });
const shown = (book: AlertBook) =>
  book.find(ALL).alerts.map((alert) => `${alert.fingerprint} ${brief(alert)}`);
const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => notice('firing', { fingerprint: `n${from + i}`, starts: i }));

test('what was answered is there for whoever opens the files next, though nobody closed them', async (t) => {
  const { clock, folder, open, path } = await start(t);
  const book = await open();
  assert.deepEqual(shown(book), []);
  assert.deepEqual(await tell(book, notice('firing'), notice('firing', { fingerprint: 'f2', starts: 5 })), {
    kind: 'kept',
    taken: 2,
    late: 0,
  });
  clock.now += 60n * SECOND;
  await tell(book, notice('resolved', { ends: 50 }));
  const again = await open();
  assert.deepEqual(shown(again), ['f2 firing 5-', 'f1 resolved 0-50']);
  assert.deepEqual(again.find(ALL).alerts, book.find(ALL).alerts);
  assert.deepEqual(await readdir(folder), ['alerts.jsonl']);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
});

test('an end that was told before a restart is known after it: what was overtaken does not reopen it', async (t) => {
  const { clock, counted, open } = await start(t);
  await tell(await open(), notice('firing'), notice('resolved', { ends: 50 }));
  const again = await open();
  clock.now += 4n * SECOND;
  assert.deepEqual(await tell(again, notice('firing')), { kind: 'kept', taken: 0, late: 1 });
  assert.deepEqual(shown(again), ['f1 resolved 0-50']);
  assert.deepEqual(counted, { taken: 2, late: 1, leftOut: 0, age: 0, room: 0 });
});

test('every answer holds at the moment it is given, and many share a write', async (t) => {
  const { dataDir, folder, open, path } = await start(t);
  const book = await open();
  await tell(book, notice('firing'));
  let writes = 0;
  let inode = 0;
  const checks = Array.from({ length: 200 }, async (_, index) => {
    await tell(book, notice('firing', { fingerprint: `n${index}` }));
    const now = await stat(path);
    if (now.ino !== inode) writes++;
    inode = now.ino;
    const copy = join(dataDir, `copy-${index}`);
    await mkdir(copy);
    await copyFile(path, join(copy, 'alerts.jsonl'));
    const read = await open(copy);
    assert.ok(shown(read).includes(`n${index} firing 0-`), `n${index}`);
  });
  await Promise.all(checks);
  assert.ok(writes >= 1 && writes <= 20, `${writes} writes`);
  assert.deepEqual(await readdir(folder), ['alerts.jsonl']);
});

test('a write that was cut off by a crash leaves what was there before', async (t) => {
  const { folder, logger, open, path } = await start(t);
  await tell(await open(), notice('firing'));
  const written = await readFile(path, 'utf8');
  await writeFile(join(folder, '.alerts.jsonl.new'), written.slice(0, 40));
  const again = await open();
  assert.deepEqual(shown(again), ['f1 firing 0-']);
  await tell(again, notice('firing', { fingerprint: 'f2' }));
  assert.deepEqual(shown(await open()), ['f1 firing 0-', 'f2 firing 0-']);
  assert.deepEqual(logger.lines, []);
});

test('a damaged file is set aside and told, and costs only what cannot be read', async (t) => {
  const { folder, logger, open, path } = await start(t);
  await tell(await open(), ...numbered(3));
  const whole = await readFile(path, 'utf8');
  const [head = '', first = '', second = '', third = ''] = whole.split('\n');
  const damaged: [content: string, left: string[]][] = [
    [whole.replace('"n1"', '"n7"'), ['n2 firing 2-', 'n0 firing 0-']],
    [whole.slice(0, -20), ['n1 firing 1-', 'n0 firing 0-']],
    [`${head}\n${first}\n${second}\n`, ['n1 firing 1-', 'n0 firing 0-']],
    [`${head}\n${first}\n\n${second}\nstray\n${third}\n`, ['n2 firing 2-', 'n1 firing 1-', 'n0 firing 0-']],
    [`signalbox alerts 2 3\n${first}\n`, []],
    ['\0'.repeat(whole.length), []],
    ['', []],
  ];
  for (const [content, left] of damaged) {
    logger.lines.length = 0;
    await writeFile(path, content);
    const book = await open();
    assert.deepEqual(shown(book), left, content);
    assert.equal(await readFile(join(folder, 'damaged-alerts.jsonl'), 'utf8'), content);
    assert.equal(logger.lines[0]?.level, 'error');
    assert.equal(logger.lines[0]?.context.alerts, left.length);
    assert.deepEqual(shown(await open()), left);
    assert.equal(logger.lines.length, 1, 'the second start finds nothing wrong');
  }
});

test('a line with a right checksum that is no alert of ours is damage, not a crash', async (t) => {
  const { logger, open, path } = await start(t);
  await mkdir(join(path, '..'));
  const { crc32 } = await import('node:zlib');
  const wrong = [
    'null',
    '{}',
    '[1]',
    '{"fingerprint":1}',
    '{"state":"firing","fingerprint":"a","labels":{"a":1}}',
  ];
  const lines = wrong.map((json) => `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`);
  await writeFile(path, `signalbox alerts 1 ${lines.length}\n${lines.join('')}`);
  assert.deepEqual(shown(await open()), []);
  assert.equal(
    logger.lines[0]?.context.reason,
    `${wrong.length} of ${wrong.length} alerts in it cannot be read`,
  );
});

test('as long as the disk does not take it, that is the answer; it is shown meanwhile and written later', async (t) => {
  const { folder, logger, open } = await start(t);
  const book = await open();
  await writeFile(folder, 'a file where the folder should be');
  for (const fingerprint of ['f1', 'f2']) {
    const outcome = await tell(book, notice('firing', { fingerprint }));
    assert.partialDeepStrictEqual(outcome, { kind: 'retry_after', seconds: 5 });
  }
  assert.match(book.failure() ?? '', /EEXIST|ENOTDIR/);
  assert.deepEqual(shown(book), ['f1 firing 0-', 'f2 firing 0-']);
  await rm(folder);
  assert.equal((await tell(book, notice('firing', { fingerprint: 'f3' }))).kind, 'kept');
  assert.equal(book.failure(), null);
  assert.deepEqual(shown(await open()), ['f1 firing 0-', 'f2 firing 0-', 'f3 firing 0-']);
  assert.deepEqual(
    logger.lines.map(({ level }) => level),
    ['error', 'info'],
  );
});

test('the Watchdog is kept and summarised, and not listed or counted', async (t) => {
  const { clock, open } = await start(t);
  const book = await open();
  assert.deepEqual(book.summary(), { firing: 0, resolved: 0, watchdog: null });
  const watchdog = notice('firing', { fingerprint: 'dog', labels: { alertname: 'Watchdog' } });
  await tell(book, watchdog, notice('firing'), notice('resolved', { fingerprint: 'f2', ends: 9 }));
  clock.now += 300n * SECOND;
  await tell(book, watchdog);
  const { firing, resolved, watchdog: heard } = (await open()).summary();
  assert.deepEqual([firing, resolved], [1, 1]);
  assert.equal(heard?.lastNotifiedUnixNano, clock.now);
  assert.equal(heard?.notifications, 2);
  assert.deepEqual(shown(book), ['f1 firing 0-', 'f2 resolved 0-9']);
});

test('the book holds ten thousand; more is counted as removed', async (t) => {
  const { counted, open } = await start(t);
  const book = await open();
  await tell(book, notice('resolved', { fingerprint: 'over', ends: 5 }), ...numbered(9_999));
  assert.equal(book.find(ALL).alerts.length, 10_000);
  await tell(book, ...numbered(3, 20_000));
  assert.deepEqual(book.summary(), { firing: 10_000, resolved: 0, watchdog: null });
  assert.equal(counted.room, 3);
  assert.equal((await open()).find(ALL).alerts.length, 10_000);
});

test('what was last told of thirty days ago is forgotten, without anything being told meanwhile', async (t) => {
  const { clock, counted, open } = await start(t);
  const book = await open();
  await tell(book, notice('resolved', { ends: 5 }), notice('firing', { fingerprint: 'f2' }));
  clock.now += 10n * 86_400n * SECOND;
  await tell(book, notice('firing', { fingerprint: 'f2' }));
  clock.now += 20n * 86_400n * SECOND;
  assert.equal(book.find(ALL).alerts.length, 2);
  clock.now += SECOND;
  assert.deepEqual(shown(book), ['f2 firing 0-']);
  assert.deepEqual(shown(await open()), ['f2 firing 0-']);
  assert.equal(counted.age, 2, 'once in this book and once in the one opened on its file');
});

test('what the sender left out is counted and told', async (t) => {
  const { counted, logger, open } = await start(t);
  await (await open()).record({ notices: [notice('firing')], leftOut: 7 });
  assert.equal(counted.leftOut, 7);
  assert.deepEqual(logger.lines, [
    { level: 'warn', message: 'a notification was cut short by its sender', context: { leftOut: 7 } },
  ]);
});
