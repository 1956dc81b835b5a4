import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { metricPath, readRoute, readTraceId, servicePath, tracePath } from './route.ts';

test('each page has its address, and the root is the services', () => {
  assert.deepEqual(readRoute('/'), { page: 'services' });
  assert.deepEqual(readRoute('/logs/'), { page: 'logs' });
  assert.deepEqual(readRoute('/data'), { page: 'data' });
  assert.deepEqual(readRoute('/alerts'), { page: 'alerts' });
  assert.deepEqual(readRoute('/processors'), { page: 'processors' });
  for (const page of ['keys', 'people', 'audit'] as const) assert.deepEqual(readRoute(`/${page}`), { page });
  assert.deepEqual(readRoute('/services/shop%20api'), { page: 'service', service: 'shop api' });
  assert.deepEqual(readRoute('/traces/ABC'), { page: 'trace', traceId: 'abc' });
  assert.deepEqual(readRoute('/metrics/http.server.duration'), {
    page: 'metric',
    name: 'http.server.duration',
  });
});

test('an address that names nothing is missing, not an error', () => {
  for (const path of ['/nothing', '/logs/x', '/services/a/b', '/services/%E0%A4%A']) {
    assert.deepEqual(readRoute(path), { page: 'missing' });
  }
});

test('any name survives its address', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
      assert.deepEqual(readRoute(servicePath(name)), { page: 'service', service: name });
      assert.deepEqual(readRoute(metricPath(name)), { page: 'metric', name });
    }),
  );
});

test('a trace id is known however it was pasted', () => {
  const id = '0af7651916cd43dd8448eb211c80319c';
  for (const text of [id, ` ${id.toUpperCase()} `, `"${id}"`, '0af76519-16cd-43dd-8448-eb211c80319c']) {
    assert.equal(readTraceId(text), id);
  }
  assert.equal(readTraceId('connection refused'), null);
  assert.equal(readTraceId(id.slice(1)), null);
  assert.equal(tracePath(id), `/traces/${id}`);
});
