import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditRecord } from './audit-record.ts';
import { createCollapse } from './collapse.ts';

const LOGOUT: AuditRecord = {
  unixMs: 0,
  who: 'ann',
  kind: 'user',
  role: 'viewer',
  action: 'logout',
  target: '',
  outcome: 'ok',
  status: 200,
  address: '192.0.2.1',
  count: 1,
};

test('who does one act again and again cannot push out older records, and none of it is lost', () => {
  const collapse = createCollapse();
  const written = Array.from({ length: 5000 }, () => collapse.take(LOGOUT)).filter(Boolean).length;
  assert.equal(written, 20);
  assert.deepEqual(collapse.due(59_999), []);
  assert.deepEqual(collapse.due(60_000), [{ ...LOGOUT, count: 4980 }]);
  assert.equal(collapse.take({ ...LOGOUT, unixMs: 60_000 }), true);
});

test('acts on different things are all written', () => {
  const collapse = createCollapse();
  const acts = Array.from({ length: 100 }, (_, i) => ({
    ...LOGOUT,
    action: 'POST /api/v1/keys',
    target: `k${i}`,
  }));
  assert.ok(acts.every((act) => collapse.take(act)));
  assert.deepEqual(collapse.due(60_000), []);
});
