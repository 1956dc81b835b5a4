import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rewrite } from '#otlp/rewrite.ts';
import { encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { createSelect } from './select.ts';
import {
  apply,
  attributeOf,
  configOf,
  gauge,
  itemsOf,
  logs,
  metrics,
  names,
  record,
  span,
  texts,
  traces,
} from './testing/requests.ts';

const selectOf = (section: object) =>
  createSelect(configOf(section), { random: () => 0.5, monotonicMs: () => 0 });
const SERVER = 2;

test('a drop rule takes the spans for which all of its conditions hold', () => {
  const select = selectOf({
    drop: [{ name: 'cache', service: 'shop*', span_name: ['GET *', 'SET'], match: { 'db.system': 'redis' } }],
  });
  const redis = { 'db.system': 'redis' };
  const { left, selection } = apply(
    select,
    'traces',
    traces({
      'shop-eu': [
        span({ name: 'GET a', attributes: redis }),
        span({ name: 'GET b', attributes: { 'db.system': 'mysql' } }),
        span({ name: 'SET', attributes: redis }),
        span({ name: 'SETEX', attributes: redis }),
      ],
      other: [span({ name: 'GET c', attributes: redis })],
    }),
  );
  assert.deepEqual(names(left), ['GET b', 'SETEX', 'GET c']);
  assert.equal(selection.kept, 3);
  assert.deepEqual(selection.dropped, [{ reason: 'drop', rule: 'cache', service: 'shop-eu', items: 2 }]);
});

test('values are compared as text, and the attributes of the resource by their prefix', () => {
  const select = selectOf({
    drop: [
      { name: 'test', match: { 'resource.deployment.environment.name': 'test', 'http.status': '2*' } },
      { name: 'flag', match: { 'debug.only': 'true' } },
    ],
  });
  const request = logs(
    {
      api: [
        record({ text: 'a', attributes: { 'http.status': 204 } }),
        record({ text: 'b', attributes: { 'http.status': 404 } }),
        record({ text: 'c', attributes: { 'debug.only': true } }),
        record({ text: 'd', attributes: { 'debug.only': false } }),
      ],
    },
    { 'deployment.environment.name': 'test' },
  );
  assert.deepEqual(texts(apply(select, 'logs', request).left), ['b', 'd']);
  const elsewhere = logs({ api: [record({ text: 'a', attributes: { 'http.status': 204 } })] });
  assert.deepEqual(texts(apply(select, 'logs', elsewhere).left), ['a']);
});

test('a record without a severity is not below any', () => {
  const select = selectOf({ drop: [{ name: 'noise', severity_below: 'info' }] });
  const request = logs({
    api: [
      record({ text: 'none' }),
      ...[1, 8, 9, 17].map((severity) => record({ severity, text: String(severity) })),
    ],
  });
  assert.deepEqual(texts(apply(select, 'logs', request).left), ['none', '9', '17']);
});

test('of metrics whole ones go by name, and points by their attributes', () => {
  const select = selectOf({
    drop: [
      { name: 'runtime', metric_name: 'jvm.*' },
      { name: 'route', signal: 'metrics', match: { 'http.route': '/healthz' } },
    ],
  });
  const route = (path: string) => ({ 'http.route': path });
  const histogram: Plain = {
    name: 'duration',
    histogram: {
      dataPoints: [
        { count: '1', attributes: [{ key: 'http.route', value: { stringValue: '/healthz' } }] },
        { count: '2', attributes: [{ key: 'http.route', value: { stringValue: '/' } }] },
      ],
    },
  };
  const { left, selection } = apply(
    select,
    'metrics',
    metrics({
      api: [
        gauge('jvm.memory', [{}, {}]),
        gauge('requests', [route('/healthz'), route('/a')]),
        histogram,
        gauge('probes', [route('/healthz')]),
      ],
    }),
  );
  assert.deepEqual(names(left), ['requests', 'duration']);
  assert.deepEqual(
    selection.dropped.map(({ items, rule }) => [rule, items]),
    [
      ['runtime', 2],
      ['route', 3],
    ],
  );
  const points = (itemsOf(left)[0]!.gauge as { dataPoints: Plain[] }).dataPoints;
  assert.deepEqual(
    points.map((point) => attributeOf(point, 'http.route')),
    ['/a'],
  );
});

test('groups without items left go as a whole, in one edit', () => {
  const select = selectOf({ drop: [{ name: 'all', span_name: 'x*' }] });
  const scope = (...list: string[]) => ({ spans: list.map((name) => span({ name })) });
  const request: Plain = {
    resourceSpans: [
      { scopeSpans: [scope('x1', 'x2'), scope('x3')] },
      { scopeSpans: [scope('x4'), scope('a', 'x5', 'x6', 'b', 'x7'), { scope: { name: 'empty' } }] },
      { scopeSpans: [{ scope: { name: 'always empty' } }] },
      { scopeSpans: [scope('x8')] },
    ],
  };
  const { left, selection } = apply(select, 'traces', request);
  assert.equal(selection.edits.length, 5);
  const groups = left.resourceSpans as { scopeSpans: Plain[] }[];
  assert.deepEqual(
    groups.map(({ scopeSpans }) => scopeSpans.map(({ spans }) => (spans as Plain[]).map(({ name }) => name))),
    [[['a', 'b'], []], [[]]],
  );
});

test('a request of which nothing stays becomes an empty one', () => {
  const select = selectOf({ drop: [{ name: 'all', service: '*' }] });
  const bytes = encodeAs('ExportTraceServiceRequest', traces({ a: [span({})], b: [span({})] }));
  const { edits, kept } = select.select('traces', bytes);
  assert.equal(kept, 0);
  assert.equal(rewrite(bytes, edits).length, 0);
});

test('when all stays there is no edit', () => {
  const select = selectOf({ drop: [{ name: 'none', span_name: 'x' }], drop_static_files: true });
  const { selection } = apply(select, 'traces', traces({ a: [span({}), span({})] }));
  assert.deepEqual(selection, { edits: [], kept: 2, dropped: [] });
});

test('of a health check goes all that descends from it in the request, and nothing else', () => {
  const select = selectOf({ drop_health_checks: true });
  const route = { 'http.route': '/healthz' };
  const { left, selection } = apply(
    select,
    'traces',
    traces({
      api: [
        span({ name: 'grandchild', id: '3', parent: '2' }),
        span({ name: 'child', id: '2', parent: '1' }),
        span({ name: 'probe', id: '1', kind: SERVER, attributes: route }),
        span({ name: 'sibling', id: '4', parent: '9' }),
        span({ name: 'other trace', trace: '2', id: '5', parent: '1' }),
        span({ name: 'client', id: '6', kind: 3, attributes: route }),
        span({ name: 'failed', id: '7', kind: SERVER, status: 2, attributes: route }),
        span({ name: 'circle', id: '8', parent: '8' }),
      ],
      db: [span({ name: 'query', id: 'a', parent: '3' })],
    }),
  );
  assert.deepEqual(names(left), ['sibling', 'other trace', 'client', 'failed', 'circle']);
  assert.deepEqual(
    selection.dropped.map(({ items, rule, service }) => [rule, service, items]),
    [
      ['health_checks', 'api', 3],
      ['health_checks', 'db', 1],
    ],
  );
});

test('a span dropped by a rule of the configuration leaves its children', () => {
  const select = selectOf({ drop: [{ name: 'mine', match: { 'http.route': '/x' } }] });
  const { left } = apply(
    select,
    'traces',
    traces({
      api: [
        span({ name: 'parent', id: '1', kind: SERVER, attributes: { 'http.route': '/x' } }),
        span({ name: 'child', id: '2', parent: '1' }),
      ],
    }),
  );
  assert.deepEqual(names(left), ['child']);
});

test('health checks and static files are known by route, path, old target and URL', () => {
  const select = selectOf({ drop_health_checks: true, drop_static_files: true });
  const left = (attributes: Record<string, string>) =>
    apply(select, 'traces', traces({ a: [span({ kind: SERVER, attributes })] })).selection.dropped[0]?.rule;
  assert.equal(left({ 'http.route': '/readyz' }), 'health_checks');
  assert.equal(left({ 'url.path': '/actuator/health/liveness' }), 'health_checks');
  assert.equal(left({ 'http.target': '/health?full=1' }), 'health_checks');
  assert.equal(left({ 'url.full': 'https://example.com/Health/' }), 'health_checks');
  assert.equal(left({ 'url.path': '/assets/a.min.CSS' }), 'static_files');
  assert.equal(left({ 'http.target': '/favicon.ico?v=2' }), 'static_files');
  assert.equal(left({ 'url.full': 'https://example.com/a.woff2#x' }), 'static_files');
  assert.equal(left({ 'url.full': 'https://example.js' }), undefined);
  assert.equal(left({ 'url.path': '/users/health' }), undefined);
  assert.equal(left({ 'http.target': '/api?file=a.css' }), undefined);
  assert.equal(left({ path: '/healthz' }), undefined);
});

test('records of served health checks go too, unless they are errors', () => {
  const select = selectOf({ drop_health_checks: true });
  const attributes = { 'url.path': '/healthz' };
  const request = logs({
    api: [
      record({ text: 'ok', severity: 9, attributes }),
      record({ text: 'plain', attributes }),
      record({ text: 'failed', severity: 17, attributes }),
      record({ text: 'other', severity: 9 }),
    ],
  });
  assert.deepEqual(texts(apply(select, 'logs', request).left), ['failed', 'other']);
});
