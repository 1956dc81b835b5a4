import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createStoppedClock, temporaryFolder } from '../access.fixture.ts';
import { type AuditEntry, createAuditLog } from './audit-log.ts';
import type { AuditRequest } from './read-audit.ts';

const DAY = 86_400_000;
const entry = (changes: Partial<AuditEntry> = {}): AuditEntry => ({
  who: 'ann',
  kind: 'user',
  role: 'admin',
  action: 'POST /api/v1/people',
  target: 'bob',
  outcome: 'ok',
  status: 201,
  address: '192.0.2.1',
  ...changes,
});
const ALL: AuditRequest = {
  fromUnixMs: 0,
  toUnixMs: Number.MAX_SAFE_INTEGER,
  who: '',
  action: '',
  limit: 1000,
  after: null,
};

function setUp(context: TestContext, maxBytes = 256 * 1024 * 1024) {
  const dataDir = temporaryFolder(context);
  const clock = createStoppedClock();
  const failures: unknown[] = [];
  const open = () =>
    createAuditLog(
      dataDir,
      { maxAgeDays: 365, maxBytes },
      { nowMs: clock.nowMs, onFailedWrite: (error) => failures.push(error) },
    );
  const folder = join(dataDir, 'audit');
  return { dataDir, clock, failures, log: open(), open, folder, files: () => readdirSync(folder).sort() };
}

test('what was recorded is on disk, one line each, in a file that only its owner reads', async (context) => {
  const { files, folder, log } = setUp(context);
  await Promise.all([log.record(entry()), log.record(entry({ target: 'eve' }))]);
  assert.deepEqual(files(), ['audit-2026-01.jsonl']);
  const path = join(folder, 'audit-2026-01.jsonl');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines[0], { at: '2026-01-31T12:00:00.000Z', ...entry(), count: 1 });
  assert.equal(lines.length, 2);
  await log.close();
});

test('pages go from the newest to the oldest, over files and restarts, and miss nothing', async (context) => {
  const { clock, files, log, open } = setUp(context);
  for (let i = 0; i < 250; i++) {
    if (i % 100 === 0) clock.pass(31 * DAY);
    await log.record(entry({ target: `t${i}` }));
  }
  await log.close();
  const again = open();
  assert.equal(files().length, 3);
  const targets: string[] = [];
  let after: AuditRequest['after'] = null;
  do {
    const page = await again.read({ ...ALL, limit: 60, after });
    targets.push(...page.records.map(({ target }) => target));
    after = page.next;
  } while (after !== null);
  assert.deepEqual(
    targets,
    Array.from({ length: 250 }, (_, i) => `t${249 - i}`),
  );
  await again.close();
});

test('records are found by time, by who, and by a part of the action', async (context) => {
  const { clock, log } = setUp(context);
  await log.record(entry({ who: 'old' }));
  const startMs = clock.nowMs() + 1;
  clock.pass(40 * DAY);
  await log.record(entry({ who: 'ann', action: 'login' }));
  await log.record(entry({ who: 'bob', action: 'DELETE /api/v1/tokens/:id' }));
  const who = async (request: Partial<AuditRequest>) =>
    (await log.read({ ...ALL, ...request })).records.map((record) => record.who);
  assert.deepEqual(await who({ fromUnixMs: startMs }), ['bob', 'ann']);
  assert.deepEqual(await who({ toUnixMs: startMs }), ['old']);
  assert.deepEqual(await who({ who: 'ann' }), ['ann']);
  assert.deepEqual(await who({ action: 'TOKENS' }), ['bob']);
  assert.deepEqual(await who({ after: { file: 'audit-1999-01.jsonl', offset: 5 } }), []);
  await log.close();
});

test('a line that was torn costs that line', async (context) => {
  const { folder, log, open } = setUp(context);
  await log.record(entry({ target: 'first' }));
  appendFileSync(join(folder, 'audit-2026-01.jsonl'), '{"at":"2026-01-31T\n');
  const again = open();
  await again.record(entry({ target: 'last' }));
  const { records } = await again.read(ALL);
  assert.deepEqual(
    records.map(({ target }) => target),
    ['last', 'first'],
  );
  await again.close();
  await log.close();
});

test('who is turned away again and again costs two lines a minute, which say how often', async (context) => {
  const { log, open } = setUp(context);
  const denied = entry({ who: '', kind: 'anonymous', action: 'login', outcome: 'denied', status: 401 });
  for (let i = 0; i < 1000; i++) await log.record(denied);
  await log.close();
  const { records } = await open().read(ALL);
  assert.deepEqual(
    records.map(({ count }) => count),
    [999, 1],
  );
});

test('strangers who differ each time get 500 lines an hour, and users are still named among them', async (context) => {
  const { log, open } = setUp(context);
  const stranger = { who: '', kind: 'anonymous', action: 'login', outcome: 'denied', status: 401 } as const;
  await Promise.all(
    Array.from({ length: 3000 }, (_, i) =>
      log.record(entry({ ...stranger, address: `10.0.${i >> 8}.${i & 255}` })),
    ),
  );
  await log.record(entry({ who: 'bob', role: 'viewer', outcome: 'denied', status: 403 }));
  await log.close();
  const { records } = await open().read(ALL);
  assert.equal(records.length, 502);
  assert.equal(records.find(({ action }) => action === 'several')?.count, 2500);
  assert.ok(records.some(({ who }) => who === 'bob'));
});

test('months that are over for longer than a year go, and the oldest parts when it grows too large', async (context) => {
  const { clock, files, folder, log } = setUp(context, 1024 * 1024);
  mkdirSync(folder);
  writeFileSync(join(folder, 'audit-2024-12.jsonl'), '\n');
  writeFileSync(join(folder, 'audit-2025-02.jsonl'), '\n');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  await log.record(entry());
  assert.deepEqual(files(), ['audit-2025-02.jsonl', 'audit-2026-01.jsonl', 'notes.txt']);
  const target = 'x'.repeat(150);
  for (let i = 0; i < 60; i++) {
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => log.record(entry({ target: `${target} ${i} ${n}` }))),
    );
    clock.pass(1);
  }
  const bytes = files().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  assert.ok(bytes < 1024 * 1024 * 1.25, `${bytes}`);
  assert.ok(!files().includes('audit-2026-01.jsonl') && files().length > 5, String(files()));
  await log.close();
});

test('a disk that does not take the record is told, and stops nobody', async (context) => {
  const { dataDir, failures, log } = setUp(context);
  writeFileSync(join(dataDir, 'audit'), 'a file where the folder belongs');
  await log.record(entry());
  assert.equal(failures.length, 1);
  assert.match(String(log.failure()), /EEXIST|ENOTDIR/);
  rmSync(join(dataDir, 'audit'));
  await log.record(entry());
  assert.equal(log.failure(), null);
  await log.close();
});
