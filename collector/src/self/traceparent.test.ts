import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTraceparent } from './traceparent.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';

test('a valid parent is read with its sampled flag, and later versions as version 00', () => {
  const parent = { traceId: trace, spanId: span, isRemote: true };
  assert.deepEqual(parseTraceparent(`00-${trace}-${span}-01`), { ...parent, traceFlags: 1 });
  assert.deepEqual(parseTraceparent(`00-${trace}-${span}-00`), { ...parent, traceFlags: 0 });
  assert.deepEqual(parseTraceparent(`cc-${trace}-${span}-03-future`), { ...parent, traceFlags: 1 });
});

test('anything else is no parent', () => {
  const zeroTrace = '0'.repeat(32);
  const bad = [
    null,
    undefined,
    '',
    `ff-${trace}-${span}-01`,
    `00-${trace}-${span}-01-x`,
    `00-${zeroTrace}-${span}-01`,
  ];
  bad.push(`00-${trace}-${'0'.repeat(16)}-01`, `00-${trace.toUpperCase()}-${span}-01`, `00-${trace}-${span}`);
  for (const header of bad) assert.equal(parseTraceparent(header), null, String(header));
});
