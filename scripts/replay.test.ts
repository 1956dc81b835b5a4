import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RecordInfo } from '#core/record.ts';
import { createDeadLetters } from '#exporters/dead-letter/dead-letters.ts';
import { requireDestination } from './letter-boxes.ts';
import { list, replay } from './replay.ts';

const INFO: RecordInfo = {
  signal: 'logs',
  sequence: 1,
  itemsBefore: 0,
  items: 3,
  tenant: '',
  encoding: 'identity',
  source: 'otlp_http',
  storedBytes: 1,
  uncompressedBytes: 1,
  receivedUnixNano: 1n,
  minTimeUnixMs: 0,
  maxTimeUnixMs: 0,
  longestItemBytes: 1,
};

async function start(t: TestContext) {
  const dataDir = await mkdtemp(join(tmpdir(), 'replay-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const letters = createDeadLetters({ dataDir, destination: 'otlp', signal: 'logs' });
  const put = (reason: string) =>
    letters.put({ journalId: 'j', info: INFO, firstItem: 0, reason }, Buffer.from('x'));
  const lines: string[] = [];
  /** `onStep` is what Signalbox does while the script waits. */
  const deps = (onStep: () => Promise<unknown>) => ({
    say: (line: string) => void lines.push(line),
    sleep: onStep,
  });
  const options = { dataDir, destination: 'otlp', waitMs: 60_000 };
  return { dataDir, letters, put, lines, deps, options };
}

test('what is kept is listed with its reasons', async (t) => {
  const { put, lines, deps, options } = await start(t);
  await put('bad span');
  assert.equal(
    await list(
      { ...options, destination: undefined },
      deps(async () => {}),
    ),
    0,
  );
  assert.deepEqual(lines, ['otlp logs: 3 items in 1 letter', '  3 items: bad span']);
});

test('nothing to send again is said and no failure', async (t) => {
  const { lines, deps, options } = await start(t);
  assert.equal(
    await replay(
      options,
      deps(async () => {}),
    ),
    0,
  );
  assert.match(lines[0]!, /^Nothing to send again/);
});

test('it waits until all was taken', async (t) => {
  const { letters, put, lines, deps, options } = await start(t);
  await put('bad span');
  const takeAll = async () => {
    for (const name of await letters.marked(10)) await letters.finish(name);
  };
  assert.equal(await replay(options, deps(takeAll)), 0);
  assert.match(lines.at(-1)!, /all of it was taken/);
});

test('what is refused again is told with the new reason', async (t) => {
  const { letters, put, lines, deps, options } = await start(t);
  await put('bad span');
  const refuse = async () => {
    for (const name of await letters.marked(10)) {
      await put('worse span');
      await letters.finish(name);
    }
  };
  assert.equal(await replay(options, deps(refuse)), 1);
  assert.equal(lines.at(-1), '  3 items: worse span');
});

test('with nobody looking into the folder it says so, and the letters stay marked', async (t) => {
  const { put, lines, deps, options, dataDir } = await start(t);
  await put('bad span');
  assert.equal(
    await replay(
      options,
      deps(async () => {}),
    ),
    1,
  );
  assert.match(lines.join('\n'), /not running on this data folder/);
  const files = await readdir(join(dataDir, 'dead-letter/otlp/logs'));
  assert.equal(files.filter((file) => file.endsWith('.pb.replay')).length, 1);
});

test('a name or a link never leads out of the folder', async (t) => {
  const { dataDir, deps, options } = await start(t);
  for (const word of ['..', '../x', 'a/b', '', '.hidden', 'A']) assert.throws(() => requireDestination(word));
  const outside = await mkdtemp(join(tmpdir(), 'outside-'));
  t.after(() => rm(outside, { recursive: true }));
  await mkdir(join(dataDir, 'dead-letter/otlp'), { recursive: true });
  await symlink(outside, join(dataDir, 'dead-letter/otlp/logs'));
  await assert.rejects(
    replay(
      options,
      deps(async () => {}),
    ),
    /links are not followed/,
  );
});
