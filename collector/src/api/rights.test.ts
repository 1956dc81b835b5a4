import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fastify, { type HTTPMethods } from 'fastify';
import type { Role } from '#access/principal.ts';
import { createCallers } from './access.ts';
import { AS_MACHINE, AS_OPERATOR, createTestApi } from './api-server.fixture.ts';
import { guard } from './guard.ts';
import { RIGHTS, rightOf } from './rights.ts';

/** Nobody listens there: a route that asks it answers 503, which is an answer to somebody who was let in. */
const PROVIDER = { issuer: 'http://127.0.0.1:9', client_id: 'signalbox' };

let api: Awaited<ReturnType<typeof createTestApi>>;
const roles: Record<Role, Record<string, string>> = { viewer: {}, operator: {}, admin: {} };
const scraper: Record<string, string> = {};
before(async () => {
  api = await createTestApi({ access: { oidc: PROVIDER } });
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    roles[role].authorization = `Bearer ${await makeToken({ role, scopes: [] })}`;
  }
  scraper.authorization = `Bearer ${await makeToken({ role: null, scopes: ['metrics'] })}`;
});
after(() => api.close());

async function makeToken(rights: { role: Role | null; scopes: 'metrics'[] }): Promise<string> {
  return (await api.access.tokens.create({ name: 'test', expiresUnixMs: null, ...rights })).token;
}

/** `GET /api/v1/logs` and so on: what the router itself says it has. */
function routesOf(tree: string): string[] {
  const path: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const found = /^(?<indent>[│ ]*)[├└]── (?<part>.*?)(?: \((?<methods>[A-Z, ]+)\))?$/.exec(line)?.groups;
    if (found === undefined) return [];
    path.length = found.indent!.length / 4;
    path.push(found.part!);
    return (found.methods ?? '')
      .split(', ')
      .filter((method) => method !== '')
      .map((method) => `${method} ${path.join('')}`);
  });
}

const isConsoleFile = (route: string) => rightOf(route.split(' ')[0]!, route.split(' ')[1]!) === undefined;

test('every route of the running server has a rule, and every rule a route', () => {
  const routes = routesOf(api.app.printRoutes());
  assert.ok(routes.includes('GET /api/v1/traces/:traceId') && routes.includes('HEAD /api/v1/status'));
  const ruled = routes.filter((route) => !isConsoleFile(route));
  assert.deepEqual(
    Object.keys(RIGHTS).filter((rule) => !ruled.includes(rule)),
    [],
  );
  for (const route of routes.filter(isConsoleFile)) assert.match(route, /^(GET|HEAD) \/(?!api\/)/);
});

const PARAMETERS: Record<string, string> = { ':traceId': 'f'.repeat(32), ':name': 'nobody', ':id': 'none' };

test('everybody gets exactly what the table says, on every route and method', async () => {
  for (const route of routesOf(api.app.printRoutes())) {
    const [method = '', pattern = ''] = route.split(' ');
    const right = rightOf(method, pattern) ?? { who: 'public' as const };
    const url = pattern.replace(/:\w+/g, (name) => PARAMETERS[name]!);
    // It answers for as long as somebody listens.
    if (pattern === '/api/v1/logs/tail') continue;
    const ask = async (headers: Record<string, string>) =>
      (await api.app.inject({ method: method as HTTPMethods, url, headers })).statusCode;
    const isPublic = right.who === 'public';
    const scope = 'scope' in right ? right.scope : undefined;
    const order = ['viewer', 'operator', 'admin'];
    const letIn = (role: string) => isPublic || order.indexOf(role) >= order.indexOf(right.who);
    const expected: [who: string, headers: Record<string, string>, isIn: boolean][] = [
      ['anonymous', {}, isPublic],
      ['a wrong token', { authorization: 'Bearer wrong' }, isPublic],
      ['viewer', roles.viewer, letIn('viewer')],
      ['operator', roles.operator, letIn('operator')],
      ['admin', roles.admin, true],
      ["the operators' token", AS_OPERATOR, true],
      ['the machine token', AS_MACHINE, isPublic || scope !== undefined],
      ['a token for metrics', scraper, isPublic || scope === 'metrics'],
    ];
    for (const [who, headers, isIn] of expected) {
      const status = await ask(headers);
      const isStranger = headers.authorization === undefined || headers.authorization === 'Bearer wrong';
      const isTurnedAway = status === (isStranger ? 401 : 403);
      // Those that are let in may be told that their parameters or bodies are wrong.
      assert.equal(!isTurnedAway, isIn, `${who} asks ${route}: ${status}`);
    }
  }
});

test('a method that a route does not have tells nobody anything', async () => {
  for (const rule of Object.keys(RIGHTS)) {
    const [, pattern = ''] = rule.split(' ');
    for (const method of ['OPTIONS', 'PUT', 'TRACE'] as const) {
      if (RIGHTS[`${method} ${pattern}`] !== undefined) continue;
      const url = pattern.replace(/:\w+/g, 'x');
      const { body, statusCode } = await api.app.inject({ method: method as HTTPMethods, url });
      assert.equal(statusCode, 404, `${method} ${url}`);
      assert.match(body, /There is no|not_found/);
    }
  }
});

test('a route without a rule fails when it is added', async () => {
  const app = fastify();
  const callers = createCallers(api.access, '');
  const config = { host: '127.0.0.1', port: 0, allowed_hosts: [], public_url: '' };
  guard(app as never, config as never, { access: api.access, callers });
  assert.throws(
    () => app.get('/api/v1/new', async () => 'all data'),
    /who may ask GET \/api\/v1\/new: add it/,
  );
  assert.throws(() => app.put('/api/v1/status', async () => ''), /PUT \/api\/v1\/status/);
  await app.close();
});
