import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { InterruptedError } from '#core/errors.ts';
import { EngineError } from '#query/engine-error.ts';
import { BadRequestError, type LogFilters, type SpanFilters } from '#query/requests.ts';
import { TRACE_ID } from './api-answers.fixture.ts';
import { createTestApi } from './api-server.fixture.ts';

let api: Awaited<ReturnType<typeof createTestApi>>;
let spanFilters: SpanFilters;
let logFilters: LogFilters;
let fail: Error | null = null;
before(async () => {
  api = await createTestApi({
    query: {
      traces: async ({ filters, page }) => {
        if (page.cursor === 'bad') throw new BadRequestError('cursor', 'is not one of ours');
        spanFilters = filters;
        return { traces: [], nextCursor: null };
      },
      logs: async ({ filters }) => {
        if (fail !== null) throw fail;
        logFilters = filters;
        return { logs: [], nextCursor: null, wordsIn: 'body' };
      },
    },
  });
});
after(() => api.close());

const WRONG: [url: string, param: string][] = [
  ['/api/v1/traces?servce=shop', 'servce'],
  ['/api/v1/traces?from=yesterday', 'from'],
  ['/api/v1/traces?to=tomorrow', 'to'],
  ['/api/v1/traces?from=now&to=now-1h', 'from'],
  ['/api/v1/traces?cursor=bad', 'cursor'],
  ['/api/v1/traces?limit=0', 'limit'],
  ['/api/v1/traces?limit=1001', 'limit'],
  ['/api/v1/traces?limit=ten', 'limit'],
  ['/api/v1/traces?limit=5&limit=6', 'limit'],
  ['/api/v1/traces?minDurationMs=-1', 'minDurationMs'],
  ['/api/v1/traces?minDurationMs=1e300', 'minDurationMs'],
  ['/api/v1/traces?maxDurationMs=Infinity', 'maxDurationMs'],
  ['/api/v1/traces?error=maybe', 'error'],
  ['/api/v1/traces?kind=robot', 'kind'],
  ['/api/v1/traces?attr.=x', 'attr.'],
  [`/api/v1/traces?${Array.from({ length: 11 }, (_, i) => `attr.a${i}=1`).join('&')}`, 'attr'],
  ['/api/v1/traces/123', 'traceId'],
  [`/api/v1/traces/${'g'.repeat(32)}`, 'traceId'],
  ['/api/v1/logs?severity=LOUD', 'severity'],
  ['/api/v1/logs?traceId=xyz', 'traceId'],
  ['/api/v1/logs?spanId=xyz', 'spanId'],
  [`/api/v1/logs?q=${'a+'.repeat(11)}`, 'q'],
  ['/api/v1/logs/tail?from=now-1h', 'from'],
  ['/api/v1/logs/tail?severity=LOUD', 'severity'],
  ['/api/v1/services?points=501', 'points'],
  ['/api/v1/services?attr.a=1', 'attr.a'],
  ['/api/v1/accounting?service=shop', 'service'],
  ['/api/v1/metrics/x?step=0', 'step'],
  ['/api/v1/metrics/x?step=1e300', 'step'],
];

for (const [url, param] of WRONG) {
  test(`${url.slice(0, 60)} is answered with 400 and the parameter at fault`, async () => {
    const response = await api.get(url);
    assert.equal(response.statusCode, 400, response.body);
    const { error } = response.json();
    assert.equal(error.code, 'bad_request');
    assert.equal(error.param, param);
    assert.ok(error.message.includes(param), error.message);
  });
}

const ENGINE_FAULTS: [kind: EngineError['kind'], status: number][] = [
  ['unavailable', 503],
  ['timeout', 504],
  ['failed', 502],
  ['refused', 422],
];

for (const [kind, status] of ENGINE_FAULTS) {
  test(`an engine's answer of kind ${kind} is told with ${status} and in its words`, async () => {
    fail = new EngineError(kind, 'Loki at http://loki:3100 says this.');
    const response = await api.get('/api/v1/logs');
    fail = null;
    assert.equal(response.statusCode, status);
    assert.deepEqual(response.json().error, {
      code: `engine_${kind}`,
      message: 'Loki at http://loki:3100 says this.',
    });
  });
}

test('filters reach the query as they were meant', async () => {
  await api.get(
    '/api/v1/traces?service=a&operation=b&kind=client&minDurationMs=0.5&error=false&attr.x.y=1&attr.x.y=z',
  );
  assert.deepEqual(spanFilters, {
    service: 'a',
    operation: 'b',
    kind: 3,
    minDurationNano: 500_000n,
    maxDurationNano: null,
    error: false,
    attributes: [
      { key: 'x.y', value: '1' },
      { key: 'x.y', value: 'z' },
    ],
  });
  await api.get(`/api/v1/logs?severity=Warn&q=%20two%20%20words%20&traceId=${TRACE_ID.toUpperCase()}`);
  assert.deepEqual(logFilters, {
    service: null,
    minSeverity: 13,
    words: ['two', 'words'],
    traceId: TRACE_ID,
    spanId: null,
    attributes: [],
  });
});

test('a route that is not there and a method it does not have are 404 with the place to look', async () => {
  for (const request of [
    { url: '/api/v1/nothing' },
    { url: '/api/v1/logs', method: 'POST' as const },
    { url: '/api/v1/nothing', headers: { accept: 'text/html' } },
  ]) {
    const response = await api.app.inject(request);
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
    assert.match(response.json().error.message, /\/api\/openapi\.json/);
  }
});

test('a fault of ours is 500 without its details, which are in the log', async () => {
  fail = new Error('secret detail of the database');
  const response = await api.get('/api/v1/logs');
  fail = null;
  assert.equal(response.statusCode, 500);
  assert.equal(response.json().error.code, 'internal');
  assert.ok(!response.body.includes('secret detail'));
  const line = api.logger.lines.find(({ message }) => message === 'api request failed');
  assert.equal(line?.context.route, '/api/v1/logs');
  assert.match(String(line?.context.error), /secret detail of the database/);
});

test('a query that takes too long is 504 and not a fault', async () => {
  const faults = () => api.logger.lines.filter(({ message }) => message === 'api request failed').length;
  const before = faults();
  fail = new InterruptedError('stopped after 30 s');
  const response = await api.get('/api/v1/logs');
  fail = null;
  assert.equal(response.statusCode, 504);
  assert.equal(response.json().error.code, 'query_timeout');
  assert.equal(faults(), before);
});
