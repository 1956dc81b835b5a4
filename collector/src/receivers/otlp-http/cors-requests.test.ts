import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceRequest } from '../otlp/messages.fixture.ts';
import { post, startReceiver, statusOf } from './receiver.fixture.ts';

const PAGE = 'https://shop.example';
const CORS = { allowed_origins: [PAGE], allowed_headers: ['content-type', 'x-team'], max_age_seconds: 600 };
const PREFLIGHT = { origin: PAGE, 'access-control-request-method': 'POST' };

function corsHeaders(response: Response): string[] {
  return [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
}

test('by default no answer has a CORS header and a page is refused', async (context) => {
  const { url, payloads } = await startReceiver(context);
  const plain = await post(`${url}/v1/traces`, traceRequest());
  assert.deepEqual(corsHeaders(plain.response), []);
  const page = await post(`${url}/v1/traces`, traceRequest(), { origin: PAGE });
  assert.equal(page.response.status, 403);
  assert.deepEqual(corsHeaders(page.response), []);
  assert.match(statusOf(page.response.headers.get('content-type'), page.body).message, /otlp_http\.cors/);
  const preflight = await fetch(`${url}/v1/traces`, { method: 'OPTIONS', headers: PREFLIGHT });
  assert.equal(preflight.status, 403);
  assert.equal(payloads.length, 1);
});

test('an allowed page may ask first and then send', async (context) => {
  const { url, payloads } = await startReceiver(context, { cors: CORS });
  const preflight = await fetch(`${url}/v1/logs`, { method: 'OPTIONS', headers: PREFLIGHT });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), PAGE);
  assert.equal(preflight.headers.get('access-control-allow-methods'), 'POST');
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'content-type, x-team');
  assert.equal(preflight.headers.get('access-control-max-age'), '600');
  assert.equal(preflight.headers.get('vary'), 'origin');
  const { response } = await post(`${url}/v1/traces`, traceRequest(), { origin: PAGE });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('access-control-allow-origin'), PAGE);
  assert.equal(payloads.length, 1);
});

test('an allowed page can read refusals too', async (context) => {
  const { url } = await startReceiver(context, { cors: CORS });
  const { response } = await post(`${url}/v1/traces`, 'x', { origin: PAGE });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('access-control-allow-origin'), PAGE);
  assert.equal(response.headers.get('access-control-expose-headers'), 'retry-after');
});

test('another page is refused before its body is read', async (context) => {
  const { url, payloads } = await startReceiver(context, { cors: CORS });
  for (const origin of ['https://evil.example', 'null', 'http://shop.example']) {
    assert.equal((await post(`${url}/v1/traces`, traceRequest(), { origin })).response.status, 403, origin);
  }
  assert.equal(payloads.length, 0);
});

test('OPTIONS without an origin tells the methods', async (context) => {
  const { url } = await startReceiver(context);
  const response = await fetch(`${url}/v1/metrics`, { method: 'OPTIONS' });
  assert.equal(response.status, 204);
  assert.equal(response.headers.get('allow'), 'POST, OPTIONS');
  assert.equal((await fetch(`${url}/v2/metrics`, { method: 'OPTIONS' })).status, 404);
});
