import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkRequest } from '#otlp/check.ts';
import { message } from '#otlp/testing/arbitrary.ts';
import { decodeAs, encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { replayLabelOf, withReplayLabel } from './replay-label.ts';

const NAME = 'ExportLogsServiceRequest';
const LABEL = { key: 'signalbox.replay', value: { stringValue: '2026-11-24T05' } };

test('every resource ends with the label, also where there was none, and nothing else is changed', () => {
  fc.assert(
    fc.property(message(NAME), (plain) => {
      const checked = checkRequest('logs', encodeAs(NAME, plain));
      assert.ok(checked.ok);
      const before = decodeAs(NAME, checked.bytes);
      const labelled = withReplayLabel(checked.bytes, '2026-11-24T05');
      const groups = (before.resourceLogs as Plain[]).map((group) => {
        const resource = (group.resource ?? { attributes: [] }) as { attributes: Plain[] };
        return { ...group, resource: { ...resource, attributes: [...resource.attributes, LABEL] } };
      });
      const expected = encodeAs(NAME, { ...before, resourceLogs: groups });
      assert.deepEqual(decodeAs(NAME, labelled), decodeAs(NAME, expected));
      const again = checkRequest('logs', labelled);
      assert.ok(again.ok && again.rejected === 0 && again.items === checked.items);
    }),
    { numRuns: 200 },
  );
});

test('fields that we do not know stay where they are', () => {
  const unknown = Buffer.from('9a06026869', 'hex');
  const resource = Buffer.concat([Buffer.from([0x0a, unknown.length]), unknown]);
  const group = Buffer.concat([Buffer.from([0x0a, resource.length + unknown.length]), resource, unknown]);
  const labelled = withReplayLabel(Buffer.concat([group, unknown]), 'x');
  // KeyValue { key: 'signalbox.replay', value: { string_value: 'x' } } as attribute 1.
  const label = Buffer.concat([
    Buffer.from([0x0a, 0x17, 0x0a, 0x10]),
    Buffer.from('signalbox.replay'),
    Buffer.from([0x12, 3, 0x0a, 1, 0x78]),
  ]);
  const named = Buffer.concat([Buffer.from([0x0a, unknown.length + label.length]), unknown, label]);
  const around = Buffer.concat([Buffer.from([0x0a, named.length + unknown.length]), named, unknown]);
  assert.deepEqual(Buffer.from(labelled), Buffer.concat([around, unknown]));
});

test('the label is the hour of the newest time in UTC', () => {
  const hour = Date.UTC(2026, 10, 24, 5);
  assert.equal(replayLabelOf({ maxTimeUnixMs: hour }), '2026-11-24T05');
  assert.equal(replayLabelOf({ maxTimeUnixMs: hour + 3_599_999 }), '2026-11-24T05');
  assert.equal(replayLabelOf({ maxTimeUnixMs: hour - 1 }), '2026-11-24T04');
  assert.equal(replayLabelOf({ maxTimeUnixMs: 0 }), 'undated');
});

test('the largest time that OTLP can carry has an hour too', () => {
  assert.equal(replayLabelOf({ maxTimeUnixMs: 2 ** 64 / 1e6 }), '2554-07-21T23');
});
