import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EXACT, NOTIFICATION, TRACE_ID } from './api-answers.fixture.ts';
import { AS_MACHINE, AS_OPERATOR, createTestApi } from './api-server.fixture.ts';

interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; schema: object; description?: string }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
type Document = { openapi: string; paths: Record<string, Record<string, Operation>> };

const ROUTES: Record<string, string> = {
  '/api/v1/services': '/api/v1/services?from=now-6h&points=30&service=shop',
  '/api/v1/traces':
    '/api/v1/traces?service=shop&minDurationMs=1.5&error=true&kind=server&attr.http.route=/cart',
  '/api/v1/traces/{traceId}': `/api/v1/traces/${TRACE_ID.toUpperCase()}`,
  '/api/v1/logs': '/api/v1/logs?severity=warn&q=it%20broke&limit=5',
  '/api/v1/metrics': '/api/v1/metrics?q=http',
  '/api/v1/metrics/{name}': '/api/v1/metrics/http.server.request.duration?by=http.route&stat=p95&step=15',
  '/api/v1/alerts': '/api/v1/alerts?state=all&limit=1',
  '/api/v1/accounting': '/api/v1/accounting',
  '/api/v1/processors': '/api/v1/processors?service=shop&processor=redact&limit=2',
  '/api/v1/status': '/api/v1/status',
  '/api/v1/keys': '/api/v1/keys',
  '/api/v1/session': '/api/v1/session',
  '/api/v1/people': '/api/v1/people',
  '/api/v1/tokens': '/api/v1/tokens',
  '/api/v1/audit': '/api/v1/audit?from=now-1h&who=&action=people&limit=5',
};
const ajv = new Ajv2020({ strict: false });
const WEBHOOK = '/api/v1/alerts/webhook';
const TRY = '/api/v1/processors/try';
const HASH = '/api/v1/processors/hash';
/** What is not only there to be read. */
const METHODS: Record<string, string[]> = {
  [WEBHOOK]: ['post'],
  [TRY]: ['post'],
  [HASH]: ['post'],
  '/api/v1/keys': ['get', 'post'],
  '/api/v1/keys/{id}': ['patch'],
  '/api/v1/keys/{id}/rotate': ['post'],
  '/api/v1/keys/{id}/revoke': ['post'],
  '/api/v1/session': ['get', 'delete'],
  '/api/v1/session/password': ['post'],
  '/api/v1/sessions': ['delete'],
  '/api/v1/people': ['get', 'post'],
  '/api/v1/people/{name}': ['patch', 'delete'],
  '/api/v1/people/{name}/sessions': ['delete'],
  '/api/v1/tokens': ['get', 'post'],
  '/api/v1/tokens/{id}': ['delete'],
};
let api: Awaited<ReturnType<typeof createTestApi>>;
let document: Document;

before(async () => {
  api = await createTestApi();
  document = (await api.get('/api/openapi.json')).json();
  await tell(NOTIFICATION);
  const payload = { name: 'ann', role: 'viewer', password: 'three quiet otters' };
  await api.app.inject({ method: 'POST', url: '/api/v1/people', headers: AS_OPERATOR, payload });
  await api.app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers: AS_OPERATOR,
    payload: { name: 'ci', role: 'viewer', expiresInDays: 1 },
  });
});
after(() => api.close());

test('the description of the API is a valid OpenAPI 3.1 document', async () => {
  assert.match(document.openapi, /^3\.1\./);
  const { errors, valid } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));
});

test('every route of the API is described, and nothing else', () => {
  const all = new Set([...Object.keys(ROUTES), ...Object.keys(METHODS), '/api/v1/logs/tail']);
  assert.deepEqual(Object.keys(document.paths).sort(), [...all].sort());
  for (const [path, methods] of Object.entries(document.paths)) {
    assert.deepEqual(Object.keys(methods), METHODS[path] ?? ['get'], path);
    for (const { responses, summary } of Object.values(methods)) {
      assert.ok(summary, path);
      assert.ok(
        ['200', '201', '204'].some((status) => status in responses),
        path,
      );
    }
  }
});

test('every parameter is described', () => {
  for (const [path, { get }] of Object.entries(document.paths)) {
    for (const { description, name } of get?.parameters ?? []) assert.ok(description, `${path} ${name}`);
  }
  const names = document.paths['/api/v1/traces']!.get!.parameters!.map(({ name }) => name);
  assert.deepEqual(names.sort(), [
    'attr.KEY',
    'cursor',
    'error',
    'from',
    'kind',
    'limit',
    'maxDurationMs',
    'minDurationMs',
    'operation',
    'service',
    'to',
  ]);
});

for (const [path, url] of Object.entries(ROUTES)) {
  test(`${path} answers as it is described`, async () => {
    const response = await api.get(url);
    assert.equal(response.statusCode, 200, response.body);
    assert.match(String(response.headers['content-type']), /^application\/json/);
    assertDescribed(path, 200, response.json());
  });
}

test('errors have the body that is described', async () => {
  const answers: [string, string, number][] = [
    ['/api/v1/traces/{traceId}', '/api/v1/traces/ffffffffffffffffffffffffffffffff', 404],
    ['/api/v1/traces/{traceId}', '/api/v1/traces/xyz', 400],
    ['/api/v1/metrics/{name}', '/api/v1/metrics/no.such', 404],
    ['/api/v1/logs', '/api/v1/logs?limit=0', 400],
  ];
  for (const [path, url, status] of answers) {
    const response = await api.get(url);
    assert.equal(response.statusCode, status, url);
    assertDescribed(path, status, response.json());
  }
});

test('the webhook answers as it is described, also to mistakes', async () => {
  for (const [body, status] of [
    [NOTIFICATION, 200],
    [{}, 400],
    [{ ...NOTIFICATION, groupKey: 'x'.repeat(2 ** 24) }, 413],
  ] as const) {
    const response = await tell(body);
    assert.equal(response.statusCode, status);
    assertDescribed(WEBHOOK, status, response.json());
  }
});

test('what is tried and hashed answers as it is described, also to mistakes', async () => {
  for (const [url, payload, status] of [
    [TRY, { text: 'a' }, 200],
    [TRY, {}, 400],
    [TRY, { text: 'x'.repeat(2 ** 20 + 1) }, 413],
    [HASH, { value: 'a' }, 200],
    [HASH, {}, 400],
  ] as const) {
    const response = await api.app.inject({ method: 'POST', url, payload, headers: AS_OPERATOR });
    assert.equal(response.statusCode, status);
    assertDescribed(url, status, response.json());
  }
});

test('64-bit integers come out digit by digit', async () => {
  for (const url of [
    ROUTES['/api/v1/logs']!,
    ROUTES['/api/v1/traces/{traceId}']!,
    ROUTES['/api/v1/metrics/{name}']!,
  ]) {
    assert.ok((await api.get(url)).body.includes(`"attributes":${EXACT}`), url);
  }
});

function tell(payload: object) {
  return api.app.inject({ method: 'POST', url: WEBHOOK, payload, headers: AS_MACHINE });
}

function assertDescribed(path: string, status: number, body: unknown): void {
  const [operation] = Object.values(document.paths[path]!);
  const schema = operation!.responses[status]!.content!['application/json']!.schema;
  const validate = ajv.compile(closed(schema) as object);
  assert.ok(validate(body), `${path}: ${JSON.stringify(validate.errors)}`);
}

/** Members that the description does not name are a mistake here, though clients are told to expect more. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in schema ? { additionalProperties: false, ...members } : members;
}
