import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createStoppedClock, temporaryFolder } from './access.fixture.ts';
import { createSessionFile, type Subject } from './session-file.ts';
import { csrfOf, openSessions } from './sessions.ts';

const HOUR = 3_600_000;
const LIMITS = { idleMs: 12 * HOUR, maxMs: 7 * 24 * HOUR };
const subjectOf = (name: string): Subject => ({ kind: 'user', name, role: 'viewer', epoch: 'e' });

function setUp(context: TestContext) {
  const folder = temporaryFolder(context);
  const clock = createStoppedClock();
  const open = () =>
    openSessions(LIMITS, {
      file: createSessionFile(folder),
      nowMs: clock.nowMs,
      onFailedWrite: (error) => assert.fail(String(error)),
    });
  return { folder, clock, open, path: join(folder, 'secrets/sessions.json') };
}

test('a session is found by its id, which is kept nowhere', async (context) => {
  const { open, path } = setUp(context);
  const sessions = await open();
  const { id } = sessions.create(subjectOf('ann'));
  assert.match(id, /^[\w-]{43}$/);
  assert.equal(sessions.find(id)?.subject.name, 'ann');
  assert.equal(sessions.find(`${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`), null);
  assert.equal(sessions.find(''), null);
  await sessions.close();
  assert.ok(!readFileSync(path, 'utf8').includes(id));
  assert.ok(!readFileSync(path, 'utf8').includes(csrfOf(id)));
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('an id that was never given out is not adopted', async (context) => {
  const sessions = await setUp(context).open();
  const chosen = 'A'.repeat(43);
  assert.equal(sessions.find(chosen), null);
  assert.notEqual(sessions.create(subjectOf('ann')).id, chosen);
  assert.equal(sessions.find(chosen), null);
  await sessions.close();
});

test('a session ends when it is idle, and after its time even when it is used', async (context) => {
  const { clock, open } = setUp(context);
  const sessions = await open();
  const idle = sessions.create(subjectOf('ann')).id;
  const used = sessions.create(subjectOf('ann')).id;
  for (let hours = 0; hours < 7 * 24; hours += 6) {
    assert.notEqual(sessions.find(used), null, `after ${hours} hours`);
    clock.pass(6 * HOUR);
  }
  assert.equal(sessions.find(used), null);
  assert.equal(sessions.find(idle), null);
  const fresh = sessions.create(subjectOf('ann')).id;
  clock.pass(12 * HOUR - 1);
  assert.notEqual(sessions.find(fresh), null);
  clock.pass(12 * HOUR);
  assert.equal(sessions.find(fresh), null);
  await sessions.close();
});

test('a restart keeps sessions, and those that were ended stay ended', async (context) => {
  const { open } = setUp(context);
  const before = await open();
  const [kept, ended, everywhere] = ['ann', 'ann', 'bob'].map((name) => before.create(subjectOf(name)).id);
  await before.end(before.find(ended!)!.hash);
  assert.equal(await before.endAll(({ name }) => name === 'bob'), 1);
  await before.close();
  const after = await open();
  assert.deepEqual(
    [kept, ended, everywhere].map((id) => after.find(id!) !== null),
    [true, false, false],
  );
  await after.close();
});

test('what is ended is on disk before that is said', async (context) => {
  const { open, path } = setUp(context);
  const sessions = await open();
  const { id } = sessions.create(subjectOf('ann'));
  await sessions.end(sessions.find(id)!.hash);
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')).sessions, []);
  await sessions.close();
});

test('a file that is none of ours costs the sessions, not the start', async (context) => {
  const { open, path } = setUp(context);
  const first = await open();
  const { id } = first.create(subjectOf('ann'));
  await first.close();
  for (const text of ['{', 'null', '{"version":1,"sessions":[null,{}]}', '{"version":9,"sessions":[]}']) {
    writeFileSync(path, text);
    const sessions = await open();
    assert.equal(sessions.find(id), null, text);
    assert.equal(sessions.count(), 0);
    await sessions.close();
  }
});

test('one user has at most 100 sessions, and costs nobody else theirs', async (context) => {
  const sessions = await setUp(context).open();
  const other = sessions.create(subjectOf('bob')).id;
  const ids = Array.from({ length: 101 }, () => sessions.create(subjectOf('ann')).id);
  assert.equal(sessions.count(), 101);
  assert.equal(sessions.find(ids[0]!), null);
  assert.ok(sessions.find(ids[1]!) && sessions.find(ids[100]!) && sessions.find(other));
  await sessions.close();
});

test('the token against foreign pages belongs to one session', () => {
  assert.notEqual(csrfOf('A'.repeat(43)), csrfOf('B'.repeat(43)));
  assert.equal(csrfOf('A'.repeat(43)), csrfOf('A'.repeat(43)));
});
