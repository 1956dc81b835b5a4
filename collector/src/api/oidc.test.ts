import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestApi } from './api-server.fixture.ts';
import { CLIENT, startProvider, type TestProvider } from './oidc-provider.fixture.ts';
import type { AuditResponse } from './schemas/audit.ts';

const HOST = 'localhost:8080';
const CALLBACK = `http://${HOST}/login/oidc/callback`;
const OPTIONS = { ...CLIENT, roles: ['sre=admin', 'dev=operator'], default_role: '' };

let provider: TestProvider;
let api: Awaited<ReturnType<typeof createTestApi>>;
before(async () => {
  provider = await startProvider(CALLBACK, {
    ann: { preferred_username: 'ann.able', email: 'ann@example.com', groups: ['dev', 'sre', 'other'] },
    bob: { email: 'bob@example.com', groups: ['dev'] },
    eve: { preferred_username: 'eve', groups: ['visitors'] },
  });
  api = await createTestApi({ access: { oidc: { ...OPTIONS, issuer: provider.issuer } } });
});
after(async () => {
  await api.close();
  await provider.stop();
});

const cookieOf = (response: { headers: Record<string, unknown> }, name: string) =>
  [response.headers['set-cookie']]
    .flat()
    .map(String)
    .find((line) => line.startsWith(`${name}=`))
    ?.split(';')[0] ?? '';
const ask = (url: string, cookie = '') => api.app.inject({ url, headers: { host: HOST, cookie } });

async function begin(next = '/traces?service=a') {
  const start = await ask(`/login/oidc?next=${encodeURIComponent(next)}`);
  assert.equal(start.statusCode, 303, start.body);
  return { url: String(start.headers.location), cookie: cookieOf(start, 'signalbox_oidc'), start };
}

async function logIn(account: string) {
  const { cookie, url } = await begin();
  const back = new URL(await provider.visit(url, account));
  return { back, cookie, response: await ask(`${back.pathname}${back.search}`, cookie) };
}

test('somebody logs in at the provider, gets the highest of their roles, and comes back to where they were', async () => {
  const { response } = await logIn('ann');
  assert.equal(response.statusCode, 303, response.body);
  assert.equal(response.headers.location, '/traces?service=a');
  const session = (await ask('/api/v1/session', cookieOf(response, 'signalbox_session'))).json();
  assert.partialDeepStrictEqual(session, {
    name: 'ann.able',
    kind: 'oidc',
    role: 'admin',
    hasPassword: false,
  });
});

test('without the claim of the name the address of mail is the name', async () => {
  const { response } = await logIn('bob');
  const session = (await ask('/api/v1/session', cookieOf(response, 'signalbox_session'))).json();
  assert.partialDeepStrictEqual(session, { name: 'bob@example.com', role: 'operator' });
});

test('who has no role here gets no session, is told so, and stands in the record', async () => {
  const { response } = await logIn('eve');
  assert.equal(response.statusCode, 403);
  assert.match(response.body, /eve has no role here/);
  assert.equal(cookieOf(response, 'signalbox_session'), '');
  const { records } = (await api.get('/api/v1/audit?action=login')).json() as AuditResponse;
  assert.partialDeepStrictEqual(records[0], { outcome: 'denied', target: 'OpenID Connect eve', who: '' });
  assert.ok(
    records.some(({ kind, outcome, who }) => kind === 'oidc' && who === 'ann.able' && outcome === 'ok'),
  );
});

test('the browser is sent with PKCE, state and nonce, and nothing secret', async () => {
  const { cookie, start, url } = await begin();
  const { searchParams } = new URL(url);
  assert.equal(searchParams.get('code_challenge_method'), 'S256');
  assert.equal(searchParams.get('redirect_uri'), CALLBACK);
  for (const name of ['state', 'nonce', 'code_challenge'])
    assert.ok((searchParams.get(name) ?? '').length >= 32, name);
  assert.ok(!url.includes(CLIENT.client_secret) && !cookie.includes(CLIENT.client_secret));
  assert.match(String(start.headers['set-cookie']), /; HttpOnly; SameSite=Lax; Max-Age=600/);
});

test('a code is taken once, from the browser that began, with the state that it was given', async () => {
  const first = await begin();
  const back = new URL(await provider.visit(first.url, 'ann'));
  const other = await begin();
  const query = back.search;
  const forged = query.replace(/state=[^&]+/, 'state=forged');
  const [body = '', signature = ''] = first.cookie.slice('signalbox_oidc='.length).split('.');
  const pending = JSON.parse(Buffer.from(body, 'base64url').toString());
  const edited = Buffer.from(JSON.stringify({ ...pending, next: '//evil.example' })).toString('base64url');
  const refused: [what: string, query: string, cookie: string][] = [
    ['without the cookie', query, ''],
    ["with another login's cookie", query, other.cookie],
    ['with a cookie that was edited', query, `signalbox_oidc=${edited}.${signature}`],
    ['with a cookie that is none', query, 'signalbox_oidc=x.y'],
    ['with another state', forged, first.cookie],
    ['without a state', query.replace(/&?state=[^&]+/, ''), first.cookie],
    ['without a code', '', first.cookie],
    ['with an error of the provider', '?error=access_denied&error_description=<script>', first.cookie],
  ];
  for (const [what, sent, cookie] of refused) {
    const response = await ask(`/login/oidc/callback${sent}`, cookie);
    assert.equal(response.statusCode, 400, what);
    assert.equal(cookieOf(response, 'signalbox_session'), '', what);
    assert.ok(!response.body.includes('<script>'), what);
  }
  assert.equal((await ask(`/login/oidc/callback${query}`, first.cookie)).statusCode, 303);
  assert.equal((await ask(`/login/oidc/callback${query}`, first.cookie)).statusCode, 400, 'a second time');
});

test('a login that takes longer than ten minutes begins anew', async () => {
  let now = BigInt(Date.now()) * 1_000_000n;
  const other = await createTestApi({
    clock: () => now,
    access: { oidc: { ...OPTIONS, issuer: provider.issuer } },
  });
  const start = await other.app.inject({ url: '/login/oidc', headers: { host: HOST } });
  const back = new URL(await provider.visit(String(start.headers.location), 'ann'));
  now += 601_000_000_000n;
  const headers = { host: HOST, cookie: cookieOf(start, 'signalbox_oidc') };
  const response = await other.app.inject({ url: `${back.pathname}${back.search}`, headers });
  assert.equal(response.statusCode, 400);
  assert.match(response.body, /took too long/);
  await other.close();
});

test('afterwards one stays here, wherever the link wanted to lead', async () => {
  const { cookie, url } = await begin('//evil.example/');
  const back = new URL(await provider.visit(url, 'ann'));
  assert.equal((await ask(`${back.pathname}${back.search}`, cookie)).headers.location, '/');
});

test('a provider that does not answer is told on the page, and others still log in', async () => {
  const other = await createTestApi({
    access: { oidc: { ...OPTIONS, issuer: 'http://127.0.0.1:9' } },
  });
  const response = await other.app.inject({ url: '/login/oidc', headers: { host: HOST } });
  assert.equal(response.statusCode, 503);
  assert.match(response.body, /does not answer/);
  const page = await other.app.inject('/login');
  assert.match(page.body, /Log in with 127\.0\.0\.1:9/);
  await other.close();
});

test('neither codes, tokens nor the secret are in the log', async () => {
  const { back } = await logIn('ann');
  const lines = JSON.stringify(api.logger.lines, (_key, value) =>
    value instanceof Error ? value.stack : value,
  );
  assert.ok(api.logger.lines.length > 0);
  for (const secret of [CLIENT.client_secret, back.searchParams.get('code')!])
    assert.ok(!lines.includes(secret));
});
