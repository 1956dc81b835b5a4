import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionTitle } from './action-title.ts';
import { auditQuery, hasAuditFilters } from './audit-query.ts';

const RANGE = { from: 'now-1h', to: 'now' };

test('the filters of the address and the range go to the API, and nothing else of the address', () => {
  const params = new URLSearchParams('who=ada&action=&tz=utc&service=shop');
  assert.equal(auditQuery(params, RANGE), 'from=now-1h&to=now&limit=200&who=ada');
  assert.equal(hasAuditFilters(params), true);
  assert.equal(hasAuditFilters(new URLSearchParams('tz=utc')), false);
});

test('an action has words, or keeps its own', () => {
  assert.equal(actionTitle('POST /api/v1/keys/:id/revoke'), 'Revoke a key');
  assert.equal(actionTitle('GET /api/v1/keys'), null);
  assert.equal(actionTitle('constructor'), null);
});
