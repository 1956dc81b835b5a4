import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AS_OPERATOR, createTestApi, logIn, OPERATOR } from './api-server.fixture.ts';
import { ownPath } from './own-path.ts';

const PASSWORD = 'three quiet otters';
const HOST = 'localhost:8080';
const ORIGIN = `http://${HOST}`;
const FORM = 'application/x-www-form-urlencoded';

let api: Awaited<ReturnType<typeof createTestApi>>;
before(async () => {
  api = await createTestApi();
  for (const [name, role] of [
    ['ann', 'admin'],
    ['vic', 'viewer'],
    ['dis', 'viewer'],
  ] as const) {
    await api.access.users.add({ name, role, password: PASSWORD });
  }
  await api.access.users.change('dis', { isDisabled: true });
});
after(() => api.close());

type Headers = Record<string, string>;
const post = (url: string, headers: Headers, payload: object | string) =>
  api.app.inject({ method: 'POST', url, headers, payload });
const postForm = (fields: Record<string, string>, headers: Headers = {}) =>
  post(
    '/login',
    { host: HOST, origin: ORIGIN, 'content-type': FORM, ...headers },
    new URLSearchParams(fields).toString(),
  );
const cookieOf = (response: { headers: Record<string, unknown> }) =>
  String(response.headers['set-cookie']).split(';')[0]!;

test('session fixation: an id that the browser came with is never the one after the login', async () => {
  const planted = `signalbox_session=${'A'.repeat(43)}`;
  const first = await post('/login', { host: HOST, cookie: planted }, { name: 'ann', password: PASSWORD });
  assert.notEqual(cookieOf(first), planted);
  assert.equal(
    (await api.app.inject({ url: '/api/v1/session', headers: { cookie: planted } })).statusCode,
    401,
  );
  const second = await post(
    '/login',
    { host: HOST, cookie: cookieOf(first) },
    { name: 'vic', password: PASSWORD },
  );
  assert.notEqual(cookieOf(second), cookieOf(first));
  const before = await api.app.inject({ url: '/api/v1/session', headers: { cookie: cookieOf(first) } });
  assert.equal(before.statusCode, 401, 'the session of before has ended');
  const both = `${planted}; ${cookieOf(second)}`;
  assert.equal((await api.app.inject({ url: '/api/v1/session', headers: { cookie: both } })).statusCode, 401);
});

test('CSRF: with a cookie nothing is changed without the token, with a wrong one, or from a foreign page', async () => {
  const { headers } = await logIn(api, { name: 'ann', password: PASSWORD });
  const { headers: others } = await logIn(api, { name: 'vic', password: PASSWORD });
  const { 'x-signalbox-csrf': token, ...without } = headers;
  const { origin: _, ...noOrigin } = headers;
  const body = { text: 'a' };
  const refused: [what: string, headers: Headers][] = [
    ['no token', without],
    ['an empty token', { ...without, 'x-signalbox-csrf': '' }],
    ['a wrong token', { ...without, 'x-signalbox-csrf': `${token}x` }],
    ["another session's token", { ...without, 'x-signalbox-csrf': others['x-signalbox-csrf'] }],
    ['a foreign page', { ...headers, origin: 'https://evil.example' }],
    ['another port', { ...headers, origin: 'http://localhost:9090' }],
    ['an origin that is hidden', { ...headers, origin: 'null' }],
    ['no origin at all', noOrigin],
    ['a browser that says it is from elsewhere', { ...noOrigin, 'sec-fetch-site': 'same-site' }],
    ['a form', { ...without, 'content-type': FORM }],
    ['a form with plain text', { ...without, 'content-type': 'text/plain' }],
  ];
  for (const [what, sent] of refused) {
    const { statusCode } = await post('/api/v1/processors/try', sent, sent['content-type'] ? 'text=a' : body);
    assert.equal(statusCode, 403, what);
  }
  assert.equal((await post('/api/v1/processors/try', headers, body)).statusCode, 200);
  const bySite = { ...noOrigin, 'sec-fetch-site': 'same-origin' };
  assert.equal((await post('/api/v1/processors/try', bySite, body)).statusCode, 200);
  assert.equal((await post('/api/v1/processors/try', AS_OPERATOR, body)).statusCode, 200);
});

test("a bearer token that is wrong or empty does not fall back to the cookie; another scheme is the proxy's", async () => {
  const { cookie } = await logIn(api, { name: 'ann', password: PASSWORD });
  const status = async (authorization: string) =>
    (await api.app.inject({ url: '/api/v1/session', headers: { cookie, authorization } })).statusCode;
  for (const wrong of ['Bearer wrong', 'Bearer ', 'Bearer', 'bearer x y'])
    assert.equal(await status(wrong), 401, wrong);
  assert.equal(await status('Basic YTpi'), 200);
});

test('login CSRF: a foreign page cannot log a browser in as somebody else', async () => {
  for (const origin of ['https://evil.example', 'null', 'http://localhost:9090']) {
    const response = await postForm({ name: 'ann', password: PASSWORD }, { origin });
    assert.equal(response.statusCode, 403, origin);
    assert.equal(response.headers['set-cookie'], undefined);
  }
  assert.equal((await postForm({ name: 'ann', password: PASSWORD })).statusCode, 303);
});

test('DNS rebinding: under a foreign name nothing is answered, whatever is asked with whatever right', async () => {
  for (const host of [
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    '169.254.169.254',
  ]) {
    for (const url of ['/', '/login', '/livez', '/metrics', '/api/v1/session', '/login.js']) {
      const { body, statusCode } = await api.app.inject({
        url,
        headers: { ...AS_OPERATOR, host, 'x-forwarded-host': HOST },
      });
      assert.equal(statusCode, 403, `${host}${url}`);
      assert.match(body, /is not known here/);
    }
  }
});

test('open redirect: after a login one stays here, wherever the link wanted to lead', async () => {
  const away = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
    '/.//evil.example',
    '/%09/evil.example/..//..//evil.example',
    '@evil.example',
    '/login',
    '/login?next=/login',
    '',
  ];
  for (const next of away) {
    const { headers, statusCode } = await postForm({ name: 'ann', password: PASSWORD, next });
    assert.equal(statusCode, 303, next);
    const target = new URL(String(headers.location), ORIGIN);
    assert.equal(target.origin, ORIGIN, next);
    assert.ok(!String(headers.location).startsWith('//'), next);
  }
  const stay = await postForm({ name: 'ann', password: PASSWORD, next: '/traces?service=a%20b#x' });
  assert.equal(stay.headers.location, '/traces?service=a%20b#x');
  assert.equal(ownPath(undefined), '/');
});

test('reflected markup: what is typed or linked comes back as text', async () => {
  const evil = `"><script>alert(1)</script><a href='x`;
  const page = await postForm({ name: evil, password: 'x', next: `/${evil}` });
  assert.equal(page.statusCode, 401);
  assert.ok(!page.body.includes('<script>alert'));
  assert.match(page.body, /&quot;&gt;&lt;script&gt;/);
  const linked = await api.app.inject(`/login?next=${encodeURIComponent(`/${evil}`)}`);
  assert.ok(!linked.body.includes('<script>alert'));
});

test('user enumeration: unknown, disabled and known names are told the same', async () => {
  const answers = await Promise.all(
    ['ann', 'dis', 'nobody', '__proto__', ''].map((name) =>
      post('/login', { host: HOST }, { name, password: 'x'.repeat(20) }),
    ),
  );
  const [first] = answers;
  for (const { body, headers, statusCode } of answers) {
    assert.deepEqual([statusCode, body], [401, first!.body]);
    assert.deepEqual(Object.keys(headers).sort(), Object.keys(first!.headers).sort());
  }
  const disabled = await post('/login', { host: HOST }, { name: 'dis', password: PASSWORD });
  assert.deepEqual([disabled.statusCode, disabled.body], [401, first!.body]);
});

test('brute force: guesses are slowed down and told when to come back, and never lock the owner out', async () => {
  const other = await createTestApi({ access: { proxy: { trusted_addresses: ['127.0.0.1'] } } });
  await other.access.users.add({ name: 'ann', role: 'viewer', password: PASSWORD });
  const guess = (from: string, password: string) =>
    other.app.inject({
      method: 'POST',
      url: '/login',
      headers: { 'x-forwarded-for': from },
      payload: { name: 'ann', password },
    });
  const statuses: number[] = [];
  for (let i = 0; i < 8; i++) statuses.push((await guess('203.0.113.66', `guess number ${i}`)).statusCode);
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
  const right = await guess('203.0.113.66', PASSWORD);
  assert.equal(right.statusCode, 429);
  assert.match(String(right.headers['retry-after']), /^[1-9]\d*$/);
  assert.equal((await guess('198.51.100.1', PASSWORD)).statusCode, 204);
  const tokens = await Promise.all(
    Array.from({ length: 12 }, () =>
      other.app.inject({
        method: 'POST',
        url: '/login',
        payload: { token: 'guessed' },
        headers: { 'x-forwarded-for': '203.0.113.67' },
      }),
    ),
  );
  assert.ok(tokens.some(({ statusCode }) => statusCode === 429));
  await other.close();
});

test('brute force: an address that a stranger claims to have is not believed', async () => {
  const other = await createTestApi();
  for (let i = 0; i < 5; i++) {
    await other.app.inject({
      method: 'POST',
      url: '/login',
      headers: { 'x-forwarded-for': `203.0.113.${i}` },
      payload: { name: 'ann', password: 'wrong' },
    });
  }
  const headers = { 'x-forwarded-for': '203.0.113.99' };
  const next = await other.app.inject({
    method: 'POST',
    url: '/login',
    headers,
    payload: { name: 'ann', password: 'wrong' },
  });
  assert.equal(next.statusCode, 429);
  await other.close();
});

test('the cookie of a session that ended opens nothing, also after a restart', async () => {
  const { cookie, headers } = await logIn(api, { name: 'vic', password: PASSWORD });
  assert.equal((await api.app.inject({ method: 'DELETE', url: '/api/v1/session', headers })).statusCode, 200);
  for (const url of ['/api/v1/session', '/api/v1/status', '/api/v1/logs', '/metrics']) {
    assert.equal((await api.app.inject({ url, headers: { cookie } })).statusCode, 401, url);
  }
});

test('role escalation: nobody makes themselves more than they are', async () => {
  const { headers } = await logIn(api, { name: 'vic', password: PASSWORD });
  const tries: [method: 'POST' | 'PATCH' | 'DELETE' | 'GET', url: string, payload: object | undefined][] = [
    ['PATCH', '/api/v1/people/vic', { role: 'admin' }],
    ['POST', '/api/v1/people', { name: 'vic2', role: 'admin', password: PASSWORD }],
    ['POST', '/api/v1/tokens', { name: 'mine', role: 'admin' }],
    ['DELETE', '/api/v1/people/ann', undefined],
    ['GET', '/api/v1/people', undefined],
    ['GET', '/api/v1/audit', undefined],
    ['GET', '/api/v1/tokens', undefined],
    ['POST', '/api/v1/processors/try', { text: 'a' }],
  ];
  for (const [method, url, payload] of tries) {
    const { statusCode } = await api.app.inject({ method, url, headers, ...(payload && { payload }) });
    assert.equal(statusCode, 403, `${method} ${url}`);
  }
  const own = { current: PASSWORD, password: 'four very loud geese', role: 'admin' };
  const smuggled = await post('/api/v1/session/password', headers, own);
  assert.equal(smuggled.statusCode, 400);
  assert.equal(api.access.users.find('vic')?.role, 'viewer');
  const login = await post('/login', { host: HOST }, { name: 'vic', password: PASSWORD, role: 'admin' });
  assert.equal(login.statusCode, 400);
});

test('prototype pollution: names that JavaScript gives a meaning change nothing', async () => {
  const json = { ...AS_OPERATOR, 'content-type': 'application/json' };
  const bodies = [
    `{"name":"p1","role":"viewer","password":"${PASSWORD}","__proto__":{"role":"admin","isAdmin":true}}`,
    `{"name":"p2","role":"viewer","password":"${PASSWORD}","constructor":{"prototype":{"isAdmin":true}}}`,
    '{"__proto__":{"name":"p3","role":"admin"}}',
    `{"name":"__proto__","role":"admin","password":"${PASSWORD}"}`,
  ];
  const statuses = [];
  for (const body of bodies) statuses.push((await post('/api/v1/people', json, body)).statusCode);
  assert.deepEqual(statuses, [201, 400, 400, 400]);
  assert.equal(api.access.users.find('p1')?.role, 'viewer');
  assert.equal(({} as { isAdmin?: unknown }).isAdmin, undefined);
  const form = await postForm({ __proto__: 'x', name: 'ann', password: PASSWORD } as never, {
    'content-type': FORM,
  });
  assert.equal(form.statusCode, 303);
  const polluted = await post(
    '/login',
    { host: HOST, origin: ORIGIN, 'content-type': FORM },
    `__proto__[token]=x&token=${OPERATOR}&constructor.prototype.a=b`,
  );
  assert.ok([303, 400].includes(polluted.statusCode));
  for (const name of ['__proto__', 'constructor', 'toString']) {
    assert.equal(
      (await api.app.inject({ method: 'DELETE', url: `/api/v1/people/${name}`, headers: AS_OPERATOR }))
        .statusCode,
      404,
    );
  }
});
