import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { HTTPMethods } from 'fastify';
import { AS_MACHINE, AS_OPERATOR, createTestApi, logIn } from './api-server.fixture.ts';
import type { AuditItem, AuditResponse } from './schemas/audit.ts';

const PASSWORD = 'three quiet otters';
const NEW_PASSWORD = 'four very loud geese';

let api: Awaited<ReturnType<typeof createTestApi>>;
beforeEach(async () => {
  api = await createTestApi();
});
afterEach(() => api.close());

type Headers = Record<string, string>;
const ask = (method: HTTPMethods, url: string, options: { headers?: Headers; payload?: object } = {}) =>
  api.app.inject({
    method,
    url,
    headers: options.headers ?? AS_OPERATOR,
    ...(options.payload && { payload: options.payload }),
  });
const addPerson = (name: string, role: string) =>
  ask('POST', '/api/v1/people', { payload: { name, role, password: PASSWORD } });
const audit = async (query = ''): Promise<AuditItem[]> =>
  ((await api.get(`/api/v1/audit${query}`)).json() as AuditResponse).records;
const statusOf = async (headers: Headers) => (await ask('GET', '/api/v1/session', { headers })).statusCode;

test('a user is added, logs in, and is told who they are and what they may do', async () => {
  const added = await addPerson('Ann', 'operator');
  assert.equal(added.statusCode, 201, added.body);
  assert.partialDeepStrictEqual(added.json(), { name: 'ann', role: 'operator', isDisabled: false });
  const { headers } = await logIn(api, { name: 'ann', password: PASSWORD });
  const session = (await ask('GET', '/api/v1/session', { headers })).json();
  assert.partialDeepStrictEqual(session, { name: 'ann', kind: 'user', role: 'operator', hasPassword: true });
  assert.match(session.csrf, /^[\w-]{43}$/);
  assert.ok(Date.parse(session.expiresAt) > Date.now());
  const ofToken = (await api.get('/api/v1/session')).json();
  assert.deepEqual(ofToken, {
    name: 'operator token',
    kind: 'operator_token',
    role: 'admin',
    csrf: null,
    expiresAt: null,
    hasPassword: false,
  });
});

test('what cannot be done is refused with what is wrong', async () => {
  await addPerson('ann', 'viewer');
  assert.equal((await addPerson('ann', 'viewer')).statusCode, 409);
  assert.equal((await addPerson('a b', 'viewer')).json().error.param, 'name');
  assert.equal((await addPerson('bob', 'boss')).statusCode, 400);
  const weak = { name: 'bob', role: 'viewer', password: 'password1234' };
  const answer = await ask('POST', '/api/v1/people', { payload: weak });
  assert.deepEqual([answer.statusCode, answer.json().error.param], [400, 'password']);
  assert.match(answer.json().error.message, /Choose another/);
  assert.equal((await ask('PATCH', '/api/v1/people/bob', { payload: { role: 'admin' } })).statusCode, 404);
  assert.equal((await ask('PATCH', '/api/v1/people/ann', { payload: {} })).statusCode, 400);
  assert.equal((await ask('DELETE', '/api/v1/people/bob')).statusCode, 404);
});

const ENDINGS: [what: string, url: string, method: HTTPMethods, payload: object | undefined][] = [
  ['another role', '/api/v1/people/ann', 'PATCH', { role: 'admin' }],
  ['another password', '/api/v1/people/ann', 'PATCH', { password: NEW_PASSWORD }],
  ['being disabled', '/api/v1/people/ann', 'PATCH', { isDisabled: true }],
  ['being removed', '/api/v1/people/ann', 'DELETE', undefined],
  ['being logged out everywhere', '/api/v1/people/ann/sessions', 'DELETE', undefined],
];
for (const [what, url, method, payload] of ENDINGS) {
  test(`${what} ends the sessions of a user at once, and nobody else's`, async () => {
    await addPerson('ann', 'viewer');
    await addPerson('bob', 'viewer');
    const first = await logIn(api, { name: 'ann', password: PASSWORD });
    const second = await logIn(api, { name: 'ann', password: PASSWORD });
    const other = await logIn(api, { name: 'bob', password: PASSWORD });
    const { statusCode } = await ask(method, url, payload === undefined ? {} : { payload });
    assert.ok(statusCode < 300, String(statusCode));
    assert.deepEqual(
      [await statusOf(first.headers), await statusOf(second.headers), await statusOf(other.headers)],
      [401, 401, 200],
    );
  });
}

test('logging out ends this session, logging out everywhere the others too', async () => {
  await addPerson('ann', 'viewer');
  const [one, two, three] = await Promise.all(
    [1, 2, 3].map(() => logIn(api, { name: 'ann', password: PASSWORD })),
  );
  const out = await ask('DELETE', '/api/v1/session', { headers: one!.headers });
  assert.deepEqual(out.json(), { ended: 1 });
  assert.match(String(out.headers['set-cookie']), /^signalbox_session=; .*Max-Age=0/);
  assert.deepEqual([await statusOf(one!.headers), await statusOf(two!.headers)], [401, 200]);
  assert.deepEqual((await ask('DELETE', '/api/v1/sessions', { headers: two!.headers })).json(), { ended: 2 });
  assert.deepEqual([await statusOf(two!.headers), await statusOf(three!.headers)], [401, 401]);
});

test("changing one's own password takes the current one, ends other sessions and goes on in a new one", async () => {
  await addPerson('ann', 'viewer');
  const here = await logIn(api, { name: 'ann', password: PASSWORD });
  const elsewhere = await logIn(api, { name: 'ann', password: PASSWORD });
  const change = (current: string, password: string) =>
    ask('POST', '/api/v1/session/password', { headers: here.headers, payload: { current, password } });
  assert.equal((await change('wrong', NEW_PASSWORD)).json().error.param, 'current');
  assert.equal((await change(PASSWORD, 'short')).json().error.param, 'password');
  const changed = await change(PASSWORD, NEW_PASSWORD);
  assert.equal(changed.statusCode, 204, changed.body);
  assert.deepEqual([await statusOf(here.headers), await statusOf(elsewhere.headers)], [401, 401]);
  const [cookie = ''] = String(changed.headers['set-cookie']).split(';');
  assert.notEqual(cookie, here.cookie);
  assert.equal(await statusOf({ cookie }), 200);
  const foreign = { headers: AS_OPERATOR, payload: { current: 'a', password: NEW_PASSWORD } };
  assert.equal((await ask('POST', '/api/v1/session/password', foreign)).statusCode, 403);
});

test('a token is shown once, may what its role says, and nothing once it is revoked', async () => {
  const payload = { name: 'ci', role: 'viewer', expiresInDays: 30 };
  const made = (await ask('POST', '/api/v1/tokens', { payload })).json();
  assert.match(made.token, /^sbt_[\w-]{43}$/);
  const headers = { authorization: `Bearer ${made.token}` };
  assert.equal((await ask('GET', '/api/v1/status', { headers })).statusCode, 200);
  assert.equal((await ask('GET', '/api/v1/tokens', { headers })).statusCode, 403);
  const { body } = await api.get('/api/v1/tokens');
  assert.ok(!body.includes(made.token) && body.includes(made.id));
  assert.ok(!readFileSync(join(api.dataDir, 'secrets/users.json'), 'utf8').includes(made.token));
  assert.equal((await ask('DELETE', `/api/v1/tokens/${made.id}`)).statusCode, 204);
  assert.equal((await ask('GET', '/api/v1/status', { headers })).statusCode, 401);
  assert.equal((await ask('DELETE', `/api/v1/tokens/${made.id}`)).statusCode, 404);
});

test('a token expires, and one without a role may only what its scopes say', async () => {
  let now = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n;
  const other = await createTestApi({ clock: () => now });
  const make = async (payload: object) =>
    (await other.app.inject({ method: 'POST', url: '/api/v1/tokens', headers: AS_OPERATOR, payload })).json();
  const made = await make({ name: 'scrape', scopes: ['metrics'], expiresInDays: 1 });
  const metrics = async () =>
    (await other.app.inject({ url: '/metrics', headers: { authorization: `Bearer ${made.token}` } }))
      .statusCode;
  assert.equal(await metrics(), 200);
  now += 86_400_000_000_000n;
  assert.equal(await metrics(), 401);
  assert.equal((await other.get('/api/v1/tokens')).json().tokens[0].isExpired, true);
  assert.equal((await make({ name: 'nothing' })).error.param, 'role');
  await other.close();
});

test('everything that changes or was denied is in the record: who, what, from where, and never a secret', async () => {
  await addPerson('ann', 'viewer');
  const { headers } = await logIn(api, { name: 'ann', password: PASSWORD });
  await logIn(api, { token: 'not-the-token' }).catch(() => {});
  await api.app.inject({
    method: 'POST',
    url: '/login',
    payload: { name: 'ann', password: 'wrong password' },
  });
  await api.app.inject({ method: 'POST', url: '/login', payload: { name: 'hunter2hunter2', password: 'x' } });
  await ask('POST', '/api/v1/people', {
    headers,
    payload: { name: 'eve', role: 'admin', password: PASSWORD },
  });
  await ask('PATCH', '/api/v1/people/ann', { payload: { password: NEW_PASSWORD } });
  await ask('POST', '/api/v1/processors/try', { payload: { text: 'geheim' } });
  await ask('POST', '/api/v1/alerts/webhook', { headers: AS_MACHINE, payload: { version: '4', alerts: [] } });
  const records = await audit();
  const told = records.map(({ action, kind, outcome, status, target, who }) => [
    who || kind,
    action,
    target,
    outcome,
    status,
  ]);
  assert.deepEqual(told.reverse(), [
    ['operator token', 'POST /api/v1/people', 'ann', 'ok', 201],
    ['ann', 'login', 'ann', 'ok', 204],
    ['anonymous', 'login', 'operator token', 'denied', 401],
    ['anonymous', 'login', 'ann', 'denied', 401],
    ['anonymous', 'login', '', 'denied', 401],
    ['ann', 'POST /api/v1/people', '', 'denied', 403],
    ['operator token', 'PATCH /api/v1/people/:name', 'ann (password)', 'ok', 200],
    ['operator token', 'POST /api/v1/processors/try', '', 'ok', 200],
  ]);
  assert.ok(records.every(({ address }) => address === '127.0.0.1'));
  const text = JSON.stringify(records);
  for (const secret of [PASSWORD, NEW_PASSWORD, 'wrong password', 'hunter2', 'geheim'])
    assert.ok(!text.includes(secret));
});

test('neither passwords, sessions, tokens nor what is sent against foreign pages stand in a log line', async () => {
  await addPerson('ann', 'admin');
  const { cookie, headers } = await logIn(api, { name: 'ann', password: PASSWORD });
  const made = await ask('POST', '/api/v1/tokens', { headers, payload: { name: 'ci', role: 'viewer' } });
  const { token } = made.json() as { token: string };
  await ask('GET', `/api/v1/nowhere/${token}`, { headers: { authorization: `Bearer ${token}` } });
  await ask('POST', '/api/v1/people', {
    headers,
    payload: { name: 'bob', role: 'x', password: NEW_PASSWORD },
  });
  await ask('POST', '/api/v1/session/password', {
    headers,
    payload: { current: PASSWORD, password: 'short' },
  });
  const lines = JSON.stringify(api.logger.lines, (_key, value) =>
    value instanceof Error ? value.stack : value,
  );
  assert.ok(api.logger.lines.length >= 6);
  const secrets = [PASSWORD, NEW_PASSWORD, cookie.split('=')[1]!, headers['x-signalbox-csrf'], token];
  for (const secret of secrets) assert.ok(!lines.includes(secret));
});

test('the record is read in pages and by who and action', async () => {
  for (const name of ['a1', 'a2', 'a3']) await addPerson(name, 'viewer');
  await ask('DELETE', '/api/v1/people/a2');
  const first = (await api.get('/api/v1/audit?limit=2')).json() as AuditResponse;
  const second = (await api.get(`/api/v1/audit?limit=3&cursor=${first.nextCursor}`)).json() as AuditResponse;
  assert.deepEqual(
    [...first.records, ...second.records].map(({ target }) => target),
    ['a2', 'a3', 'a2', 'a1'],
  );
  assert.deepEqual(
    (await audit('?action=delete')).map(({ target }) => target),
    ['a2'],
  );
  assert.deepEqual(await audit('?who=ann'), []);
  assert.equal((await api.get('/api/v1/audit?cursor=xyz')).statusCode, 400);
  const climbing = Buffer.from('../secrets/users.json:100').toString('base64url');
  assert.equal((await api.get(`/api/v1/audit?cursor=${climbing}`)).statusCode, 400);
});
