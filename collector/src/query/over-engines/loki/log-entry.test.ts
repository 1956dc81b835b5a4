import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import { toLog } from './log-entry.ts';

const STREAM = { service_name: 'shop', service_namespace: 'eu', __time_shard__: '1_2' };
const KEPT = {
  detected_level: 'error',
  severity_number: '17',
  scope_name: 'lib',
  host_name: 'h1',
  telemetry_sdk_name: 'otel',
  hostage: 'x',
  user_name: 'Zoë',
};

test('attributes of the resource are told from others by their namespace, labels of Loki are left out', () => {
  const log = toLog(STREAM, ['1795565555170000005', 'text', { structuredMetadata: KEPT }]);
  assert.equal(stringifyExact(log.attributes), '{"hostage":"x","user_name":"Zoë"}');
  assert.equal(
    stringifyExact(log.resource.attributes),
    '{"service_name":"shop","service_namespace":"eu","host_name":"h1","telemetry_sdk_name":"otel"}',
  );
  assert.equal(log.severityNumber, 17);
  assert.equal(log.scope.name, 'lib');
});

test('an id is of the time and of all that the entry has, in whatever order', () => {
  const idOf = (stream: Record<string, string>, line: string, structuredMetadata: Record<string, string>) =>
    toLog(stream, ['5', line, { structuredMetadata }]).id;
  const id = idOf({ a: '1', b: '2' }, 'text', { c: '3', d: '4' });
  assert.match(id, /^5-[0-9a-f]{16}$/);
  assert.equal(idOf({ b: '2', a: '1' }, 'text', { d: '4', c: '3' }), id);
  assert.notEqual(idOf({ a: '1', b: '2' }, 'texT', { c: '3', d: '4' }), id);
  assert.notEqual(idOf({ a: '1', b: '3' }, 'text', { c: '3', d: '4' }), id);
  assert.notEqual(idOf({ a: '1', b: '2' }, 'text', { c: '3' }), id);
});
