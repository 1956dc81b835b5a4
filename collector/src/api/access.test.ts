import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { AS_MACHINE, AS_OPERATOR, createTestApi, MACHINE, OPERATOR } from './api-server.fixture.ts';

let api: Awaited<ReturnType<typeof createTestApi>>;
let port: number;
before(async () => {
  api = await createTestApi({ config: { allowed_hosts: ['Signalbox.example'] } });
  ({ port } = await api.start());
});
after(() => api.close());

const status = async (url: string, headers: Record<string, string> = {}) =>
  (await api.app.inject({ url, headers })).statusCode;

test('the API answers operators only, and says how to become one', async () => {
  const response = await api.app.inject('/api/v1/status');
  assert.equal(response.statusCode, 401);
  assert.equal(response.headers['www-authenticate'], 'Bearer realm="signalbox"');
  assert.equal(response.json().error.code, 'unauthorized');
  assert.match(response.json().error.message, /Authorization: Bearer/);
  assert.equal(await status('/api/v1/status', AS_OPERATOR), 200);
  assert.equal(await status('/api/v1/status', { authorization: `bearer ${OPERATOR}` }), 200);
});

test('wrong tokens, wrong schemes and forged cookies are turned away', async () => {
  const wrong: Record<string, string>[] = [
    { authorization: 'Bearer wrong' },
    { authorization: `Bearer ${OPERATOR}x` },
    { authorization: `Basic ${OPERATOR}` },
    { authorization: OPERATOR },
    { authorization: 'Bearer ' },
    { cookie: `signalbox_session=${OPERATOR}` },
    { cookie: 'signalbox_session=' },
    { cookie: 'other=1; signalbox_session=abc' },
    { 'x-forwarded-for': '127.0.0.1' },
  ];
  for (const headers of wrong) {
    assert.equal(await status('/api/v1/status', headers), 401, JSON.stringify(headers));
  }
});

test('machines read metrics, tell alerts, and nothing else', async () => {
  assert.equal(await status('/metrics'), 401);
  assert.equal(await status('/metrics', AS_MACHINE), 200);
  assert.equal(await status('/metrics', AS_OPERATOR), 200);
  const operatorsOnly = [
    '/api/v1/status',
    '/api/v1/accounting',
    '/api/v1/alerts',
    '/api/v1/processors',
    '/api/v1/logs',
    '/api/v1/logs/tail',
    '/api/openapi.json',
  ];
  for (const url of operatorsOnly) {
    assert.equal(await status(url, AS_MACHINE), 403, url);
  }
  const webhook = { method: 'POST' as const, url: '/api/v1/alerts/webhook', payload: {} };
  assert.equal((await api.app.inject(webhook)).statusCode, 401);
  assert.equal((await api.app.inject({ ...webhook, headers: AS_MACHINE })).statusCode, 400);
});

test('no spelling of an address leads past the login', async () => {
  const spellings = [
    '/%61pi/v1/status',
    '/api/v1/%73tatus',
    '/api%2fv1%2fstatus',
    '//api/v1/status',
    '/api//v1/status',
    '/./api/v1/status',
    '/x/../api/v1/status',
    '/API/v1/status',
    '/api/v1/status/',
    '/api/v1/status;a=b',
    '/api/v1/status%00',
    '/api/v1/status?x=/livez',
    '/livez/../api/v1/status',
    '/assets/../api/v1/status',
    '/api\\v1\\status',
    '/%6detrics',
  ];
  for (const spelling of spellings) {
    const answer = await askRaw(`GET ${spelling} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 (400|401|404) /, spelling);
    assert.ok(!answer.includes('startedUnixNano'), spelling);
  }
});

test('a method the route does not have, and HEAD, need the login as well', async () => {
  for (const method of ['HEAD', 'POST', 'DELETE', 'OPTIONS'] as const) {
    const { statusCode } = await api.app.inject({ method, url: '/api/v1/status' });
    assert.ok([401, 404].includes(statusCode), `${method} ${statusCode}`);
  }
  assert.equal((await api.app.inject({ method: 'HEAD', url: '/api/v1/status' })).statusCode, 401);
  assert.equal((await api.app.inject({ method: 'HEAD', url: '/metrics' })).statusCode, 401);
});

test('a login gives a cookie that scripts cannot read and other sites cannot make a browser send', async () => {
  const response = await api.app.inject({ method: 'POST', url: '/login', payload: { token: OPERATOR } });
  assert.equal(response.statusCode, 204);
  const cookie = String(response.headers['set-cookie']);
  assert.match(cookie, /^signalbox_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  assert.ok(!cookie.includes(OPERATOR));
  const [pair = ''] = cookie.split(';');
  assert.equal(await status('/api/v1/status', { cookie: pair }), 200);
  assert.equal(await status('/api/v1/status', { cookie: `a=1; ${pair}; b=2` }), 200);
  assert.equal(await status('/api/v1/status', { cookie: `${pair}; ${pair}` }), 401);
});

test('a token in an address logs nobody in and is taken out of it', async () => {
  for (const url of [`/?token=${OPERATOR}`, `/?token=${OPERATOR}&token=x`, '/?token=']) {
    const response = await api.app.inject(url);
    assert.equal(response.statusCode, 303, url);
    assert.equal(response.headers.location, '/login');
    assert.equal(response.headers['set-cookie'], undefined, url);
  }
});

test('login takes the token in a body, from its own pages only', async () => {
  const login = (body: unknown, headers: Record<string, string> = {}) =>
    api.app.inject({
      method: 'POST',
      url: '/login',
      payload: body as object,
      headers: { host: 'localhost:8080', ...headers },
    });
  const right = await login({ token: OPERATOR });
  assert.equal(right.statusCode, 204);
  assert.match(String(right.headers['set-cookie']), /^signalbox_session=/);
  assert.equal((await login({ token: OPERATOR }, { origin: 'http://localhost:8080' })).statusCode, 204);

  const wrong = await login({ token: 'wrong' });
  assert.equal(wrong.statusCode, 401);
  assert.equal(wrong.headers['set-cookie'], undefined);
  assert.equal((await login({ token: MACHINE })).statusCode, 401);
  assert.equal((await login({})).statusCode, 400);
  for (const origin of ['http://evil.example', 'http://localhost:9090', 'null', 'https://localhost']) {
    const foreign = await login({ token: OPERATOR }, { origin });
    assert.equal(foreign.statusCode, 403, origin);
    assert.equal(foreign.headers['set-cookie'], undefined);
  }
});

test('a name that is not ours in Host is refused, whoever asks', async () => {
  for (const host of ['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', 'localhost.']) {
    assert.equal(await status('/api/v1/status', { ...AS_OPERATOR, host }), 403, host);
    assert.equal(await status('/livez', { host }), 403, host);
  }
  for (const host of [
    'localhost',
    'LOCALHOST:1',
    '127.0.0.1:8080',
    '[::1]',
    '[::1]:8080',
    'signalbox.example',
  ]) {
    assert.equal(await status('/api/v1/status', { ...AS_OPERATOR, host }), 200, host);
  }
});

test('an IPv6 address to listen on is known as browsers write it', async () => {
  const other = await createTestApi({ config: { host: 'fd00::1' } });
  const response = await other.app.inject({ url: '/livez', headers: { host: '[fd00::1]:8080' } });
  await other.close();
  assert.equal(response.statusCode, 200);
});

test('every answer carries the security headers', async () => {
  const answers = [
    await api.get('/api/v1/status'),
    await api.get('/no/such/page'),
    await api.get('/api/v1/logs?limit=x'),
    await api.app.inject('/api/v1/status'),
    await api.app.inject('/'),
    await api.app.inject('/config.ts'),
    await api.app.inject('/livez'),
    await api.app.inject({ url: '/livez', headers: { host: 'evil.example' } }),
    await api.app.inject({
      method: 'POST',
      url: '/login',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    }),
    await api.app.inject('/%zz'),
  ];
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [200, 404, 400, 401, 503, 200, 200, 403, 400, 400],
  );
  for (const { headers, statusCode } of answers) {
    assert.match(
      String(headers['content-security-policy']),
      /^default-src 'self'; script-src 'self';/,
      String(statusCode),
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['access-control-allow-origin'], undefined);
  }
});

test('behind TLS the cookie goes nowhere else, and browsers are told to stay with TLS', async () => {
  const other = await createTestApi({ config: { public_url: 'https://box.example' } });
  const host = 'box.example';
  const login = await other.app.inject({
    method: 'POST',
    url: '/login',
    headers: { host, origin: 'https://box.example' },
    payload: { token: OPERATOR },
  });
  const cookie = String(login.headers['set-cookie']);
  assert.match(
    cookie,
    /^__Host-signalbox_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/,
  );
  assert.equal(login.headers['strict-transport-security'], 'max-age=31536000');
  const session = async (sent: string) =>
    (await other.app.inject({ url: '/api/v1/session', headers: { host, cookie: sent } })).statusCode;
  const [pair = ''] = cookie.split(';');
  assert.equal(await session(pair), 200);
  assert.equal(await session(pair.replace('__Host-', '')), 401, 'a neighbour could have set that one');
  await other.close();
  assert.equal((await api.app.inject('/livez')).headers['strict-transport-security'], undefined);
});

test('no page has anything inline, and the login page works without a script', async () => {
  const page = await api.app.inject('/login');
  assert.equal(page.statusCode, 200);
  assert.ok(!/<style|style=|<script(?![^>]* src=)|\son\w+=|javascript:/i.test(page.body));
  const policy = String(page.headers['content-security-policy']);
  assert.ok(!policy.includes('unsafe'), policy);
  assert.match(page.body, /<form method="post" action="\/login">/);
  assert.equal(page.headers['cache-control'], 'no-store');
});

test('what the API says is not kept by browsers or proxies', async () => {
  assert.equal((await api.get('/api/v1/status')).headers['cache-control'], 'no-store');
  assert.equal((await api.app.inject('/api/v1/status')).headers['cache-control'], 'no-store');
});

test('no token stands in a log line', async () => {
  await api.app.inject(`/?token=${OPERATOR}`);
  await api.app.inject({ url: `/nowhere/${OPERATOR}`, headers: AS_OPERATOR });
  await api.app.inject({ method: 'POST', url: '/login', payload: { token: OPERATOR } });
  assert.ok(api.logger.lines.length > 0);
  assert.ok(!JSON.stringify(api.logger.lines).includes(OPERATOR));
});

function askRaw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.once('error', reject).once('close', () => resolve(answer));
    socket.end(request);
  });
}
