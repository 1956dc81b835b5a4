import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AS_MACHINE, createTestApi } from './api-server.fixture.ts';

const PROXY = {
  trusted_addresses: ['10.0.0.0/8'],
  user_header: 'X-Auth-Request-User',
  role_header: 'X-Auth-Request-Groups',
  roles: ['sre=admin', 'dev=viewer'],
};
const HOST = 'localhost:8080';
const USER = { host: HOST, 'x-auth-request-user': 'ann', 'x-auth-request-groups': 'other, sre' };

let api: Awaited<ReturnType<typeof createTestApi>>;
before(async () => {
  api = await createTestApi({ access: { proxy: PROXY } });
});
after(() => api.close());

type Headers = Record<string, string>;
const session = (headers: Headers, remoteAddress = '10.1.2.3') =>
  api.app.inject({ url: '/api/v1/session', headers, remoteAddress });

test('who a trusted proxy names is let in with the highest role of their groups', async () => {
  assert.partialDeepStrictEqual((await session(USER)).json(), { name: 'ann', kind: 'proxy', role: 'admin' });
  const dev = await session({ ...USER, 'x-auth-request-groups': 'dev' });
  assert.equal(dev.json().role, 'viewer');
});

test('the same headers from anybody else are as good as none', async () => {
  for (const address of ['127.0.0.1', '11.0.0.1', '::1', '203.0.113.10']) {
    assert.equal(
      (await session({ ...USER, 'x-forwarded-for': '10.0.0.1' }, address)).statusCode,
      401,
      address,
    );
  }
});

test('without a name, with groups that mean nothing, or with a name that cannot be, nobody is let in', async () => {
  const wrong: Headers[] = [
    { host: HOST },
    { host: HOST, 'x-auth-request-groups': 'sre' },
    { ...USER, 'x-auth-request-user': '' },
    { ...USER, 'x-auth-request-user': 'a'.repeat(200) },
    { ...USER, 'x-auth-request-groups': 'SRE, sre2' },
  ];
  for (const headers of wrong)
    assert.equal((await session(headers)).statusCode, 401, JSON.stringify(headers));
});

test('a token beside the headers decides, also when it is wrong', async () => {
  assert.equal((await session({ ...USER, authorization: 'Bearer wrong' })).statusCode, 401);
  assert.equal((await session({ ...USER, ...AS_MACHINE })).statusCode, 403);
});

test('what the proxy vouches for a browser sends by itself, so changes need the token against foreign pages', async () => {
  const { csrf } = (await session(USER)).json() as { csrf: string };
  const act = async (headers: Headers) =>
    (
      await api.app.inject({
        method: 'POST',
        url: '/api/v1/processors/try',
        remoteAddress: '10.1.2.3',
        headers,
        payload: { text: 'a' },
      })
    ).statusCode;
  const origin = `http://${HOST}`;
  assert.equal(await act({ ...USER, origin }), 403);
  assert.equal(await act({ ...USER, 'x-signalbox-csrf': csrf }), 403);
  assert.equal(await act({ ...USER, origin: 'http://evil.example', 'x-signalbox-csrf': csrf }), 403);
  assert.equal(await act({ ...USER, 'x-auth-request-user': 'bob', origin, 'x-signalbox-csrf': csrf }), 403);
  assert.equal(await act({ ...USER, origin, 'x-signalbox-csrf': csrf }), 200);
});

test('by default no header names anybody', async () => {
  const other = await createTestApi();
  const { statusCode } = await other.app.inject({
    url: '/api/v1/session',
    headers: USER,
    remoteAddress: '10.1.2.3',
  });
  assert.equal(statusCode, 401);
  await other.close();
});
