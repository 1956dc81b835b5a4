import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { noTally, type SenderUsage } from '#keys/usage.ts';
import { AS_MACHINE, AS_OPERATOR, createTestApi, logIn, OPERATOR } from './api-server.fixture.ts';
import type { ApiKey, KeysResponse, NewKeyResponse } from './schemas/keys.ts';

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const at = (unixMs: number) => new Date(unixMs).toISOString();

/** A body, and headers in the place of the operator's. */
interface Asked {
  headers?: Record<string, string>;
  [member: string]: unknown;
}

async function start(t: TestContext) {
  const usage: Record<string, SenderUsage> = {};
  const failure: { is: string | null } = { is: null };
  const api = await createTestApi({
    clock: () => BigInt(NOW) * 1_000_000n,
    readKeys: async () => ({ failure: failure.is, usage }),
  });
  t.after(() => api.close());
  const ask = (method: 'POST' | 'PATCH', url: string, { headers = AS_OPERATOR, ...payload }: Asked = {}) =>
    api.app.inject({ method, url: `/api/v1/keys${url}`, payload, headers });
  const read = async (query = ''): Promise<KeysResponse> => (await api.get(`/api/v1/keys${query}`)).json();
  const make = async (body: Asked): Promise<NewKeyResponse> => {
    const response = await ask('POST', '', body);
    assert.equal(response.statusCode, 201, response.body);
    return response.json();
  };
  return { api, ask, read, make, usage, failure };
}

test('a key is shown in the answer that made it, and nowhere else', async (t) => {
  const { api, make, read } = await start(t);
  const limits = { itemsPerSecond: 100 };
  const { key, ...made } = await make({ name: 'shop', tenant: 'team-a', expiresInDays: 90, limits });
  assert.match(key, new RegExp(`^sbk_${made.id}_[\\w-]{43}$`));
  const never = { lastUsedAt: null, today: noTally(), total: noTally() };
  assert.deepEqual(made, {
    id: made.id,
    name: 'shop',
    tenant: 'team-a',
    last4: key.slice(-4),
    state: 'active',
    createdAt: at(NOW),
    createdBy: made.createdBy,
    issuedAt: at(NOW),
    expiresAt: at(NOW + 90 * DAY_MS),
    revokedAt: null,
    previousUntil: null,
    limits: { itemsPerSecond: 100, bytesPerSecond: null, burstSeconds: null, itemsPerDay: null },
    usage: never,
  });
  assert.notEqual(made.createdBy, '');
  const all = await read();
  assert.deepEqual(all, {
    at: at(NOW),
    isRequired: false,
    defaults: { itemsPerSecond: 0, bytesPerSecond: 0, burstSeconds: 10, itemsPerDay: 0 },
    failure: null,
    keys: [made],
    keysTotal: 1,
    withoutKey: never,
  });
  const secret = key.slice(13);
  const audit = await api.get('/api/v1/audit');
  for (const text of [JSON.stringify(all), audit.body, JSON.stringify(api.logger.lines)]) {
    assert.ok(!text.includes(secret));
  }
});

test('keys come newest first, with what they were used for and what the receivers make of the file', async (t) => {
  const { failure, make, read, usage } = await start(t);
  const [first, second] = [await make({ name: 'first' }), await make({ name: 'second' })];
  const used = { ...noTally(), requests: 3, items: 40, bytes: 500 };
  usage[first.id] = { lastUsedUnixMs: NOW - 1, day: 1, today: noTally(), total: used };
  usage[''] = { lastUsedUnixMs: null, day: 1, today: used, total: used };
  failure.is = 'Cannot read the API keys';
  const all = await read();
  assert.deepEqual(
    all.keys.map(({ id }) => id),
    [second.id, first.id],
  );
  assert.deepEqual(all.keys[1]!.usage, { lastUsedAt: at(NOW - 1), today: noTally(), total: used });
  assert.deepEqual(all.withoutKey.today, used);
  assert.equal(all.failure, 'Cannot read the API keys');
  const one = await read('?limit=1');
  assert.deepEqual([one.keys.length, one.keysTotal], [1, 2]);
});

test('a key is rotated with a grace time, changed and revoked', async (t) => {
  const { ask, make } = await start(t);
  const { id, key } = await make({ name: 'shop', limits: { itemsPerDay: 5 } });
  const rotated: NewKeyResponse = (await ask('POST', `/${id}/rotate`)).json();
  assert.notEqual(rotated.key, key);
  assert.deepEqual([rotated.id, rotated.previousUntil], [id, at(NOW + DAY_MS)]);
  const atOnce: NewKeyResponse = (await ask('POST', `/${id}/rotate`, { graceHours: 0 })).json();
  assert.equal(atOnce.previousUntil, null);
  const changed: ApiKey = (
    await ask('PATCH', `/${id}`, { name: 'till', limits: { bytesPerSecond: 9 } })
  ).json();
  assert.equal(changed.name, 'till');
  assert.deepEqual(changed.limits, {
    itemsPerSecond: null,
    bytesPerSecond: 9,
    burstSeconds: null,
    itemsPerDay: 5,
  });
  const revoked: ApiKey = (await ask('POST', `/${id}/revoke`)).json();
  assert.deepEqual([revoked.state, revoked.revokedAt], ['revoked', at(NOW)]);
  assert.equal((await ask('POST', `/${id}/rotate`)).statusCode, 400);
});

const WRONG: [
  method: 'POST' | 'PATCH',
  url: string,
  body: Asked,
  status: number,
  param: string | undefined,
][] = [
  ['POST', '', {}, 400, undefined],
  ['POST', '', { name: '' }, 400, 'name'],
  ['POST', '', { name: 'taken' }, 409, 'name'],
  ['POST', '', { name: 'a', tenant: '..' }, 400, 'tenant'],
  ['POST', '', { name: 'a', expiresInDays: 0 }, 400, 'expiresInDays'],
  ['POST', '', { name: 'a', limits: { itemsPerSecond: -1 } }, 400, undefined],
  ['POST', '', { name: 'a', limits: { itemsPerYear: 1 } }, 400, 'itemsPerYear'],
  ['POST', '', { name: 'a', key: 'sbk_mine' }, 400, 'key'],
  ['POST', '/nokeyyet/rotate', {}, 404, undefined],
  ['POST', '/nokeyyet/revoke', {}, 404, undefined],
  ['PATCH', '/nokeyyet', { name: 'a' }, 404, undefined],
];

test('what cannot be done is told with the value at fault', async (t) => {
  const { ask, make } = await start(t);
  await make({ name: 'taken' });
  for (const [method, url, body, status, param] of WRONG) {
    const response = await ask(method, url, body);
    const what = `${method} ${url} ${JSON.stringify(body)}: ${response.body}`;
    assert.equal(response.statusCode, status, what);
    if (param !== undefined) assert.equal(response.json().error.param, param, what);
  }
});

test('neither machines nor strangers nor pages of others reach the keys', async (t) => {
  const { api, ask } = await start(t);
  for (const [headers, status] of [
    [{}, 401],
    [AS_MACHINE, 403],
    [{ ...AS_OPERATOR, origin: 'http://evil.example' }, 403],
  ] as const) {
    assert.equal((await ask('POST', '', { name: 'a', headers })).statusCode, status);
  }
  assert.equal((await api.app.inject({ url: '/api/v1/keys' })).statusCode, 401);
});

test('whoever is logged in is told as the maker, and the audit record names the key', async (t) => {
  const { api, ask } = await start(t);
  const { headers } = await logIn(api, { token: OPERATOR });
  const made: NewKeyResponse = (await ask('POST', '', { name: 'shop', headers })).json();
  const audit = (await api.get('/api/v1/audit')).json() as {
    records: { action: string; target: string; who: string }[];
  };
  const record = audit.records.find(({ action }) => action === 'POST /api/v1/keys')!;
  assert.equal(record.target, `shop (${made.id})`);
  assert.equal(record.who, made.createdBy);
});
