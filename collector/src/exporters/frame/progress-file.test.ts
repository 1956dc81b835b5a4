import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { NOTHING_SETTLED, type Progress } from '#core/progress.ts';
import { createProgressFile } from './progress-file.ts';

const PROGRESS: Progress = {
  journalId: 'j',
  sequence: 7,
  itemsBefore: 70,
  startItems: 0,
  counts: { ...NOTHING_SETTLED, delivered: 72 },
  tenants: JSON.parse('{"a":9,"__proto__":8}') as Record<string, number>,
  aheadItems: 2,
};

async function start(t: TestContext) {
  const dataDir = await mkdtemp(join(tmpdir(), 'cursor-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const unreadable: string[] = [];
  const keeper = createProgressFile(
    { dataDir, destination: 'otlp', signal: 'logs' },
    { onUnreadable: (_path, reason) => unreadable.push(reason) },
  );
  return {
    keeper,
    unreadable,
    path: join(dataDir, 'cursors/otlp-logs.json'),
    folder: join(dataDir, 'cursors'),
  };
}

test('what was saved last is loaded, tenants of any name with it', async (t) => {
  const { keeper, folder, path, unreadable } = await start(t);
  assert.equal(await keeper.load(), null);
  await keeper.save({ ...PROGRESS, sequence: 1 });
  await keeper.save(PROGRESS);
  assert.deepEqual(JSON.stringify(await keeper.load()), JSON.stringify(PROGRESS));
  assert.deepEqual(await readdir(folder), ['otlp-logs.json']);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(unreadable, []);
});

test('a file that is cut, changed or something else counts as none and is told', async (t) => {
  const { keeper, path, unreadable } = await start(t);
  await keeper.save(PROGRESS);
  const text = await readFile(path, 'utf8');
  const bad = [text.slice(0, -20), text.replace('"sequence":7', '"sequence":8'), '', 'null', '{}', '[1]'];
  for (const content of bad) {
    await writeFile(path, content);
    assert.equal(await keeper.load(), null);
  }
  assert.equal(unreadable.length, bad.length);
});

test('progress whose parts are no counts is not believed', async (t) => {
  const { keeper, unreadable } = await start(t);
  const wrong = [
    { sequence: -1 },
    { tenants: { a: 1.5 } },
    { counts: {} },
    { journalId: 1 },
    { tenants: [] },
  ];
  for (const part of wrong) {
    await keeper.save({ ...PROGRESS, ...part } as unknown as Progress);
    assert.equal(await keeper.load(), null, JSON.stringify(part));
  }
  assert.equal(unreadable.length, wrong.length);
});
