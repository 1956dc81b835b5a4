import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Alert } from './alert.ts';
import { applyNotice } from './episodes.ts';
import { type AlertRequest, selectAlerts } from './select-alerts.ts';
import { notice, TEN } from './testing/notices.ts';

const ALL: AlertRequest = { state: null, severity: null, words: [], limit: 100, after: null };

function alert(...[state, at]: Parameters<typeof notice>): Alert {
  return applyNotice([], notice(state, at), TEN)[0]!;
}

const ALERTS = [
  alert('resolved', { fingerprint: 'a', starts: 50, ends: 60 }),
  alert('firing', { fingerprint: 'b', starts: 10, labels: { severity: 'Warning', team: 'Shop' } }),
  alert('firing', { fingerprint: 'c', starts: 40 }),
  alert('resolved', { fingerprint: 'd', starts: 20, ends: 90, labels: { severity: 'warning' } }),
];
const found = (request: Partial<AlertRequest> = {}) =>
  selectAlerts(ALERTS, { ...ALL, ...request })
    .alerts.map(({ fingerprint }) => fingerprint)
    .join('');

test('firing ones come first, in each state the latest start first', () => {
  assert.equal(found(), 'cbad');
});

test('state and severity narrow the list', () => {
  assert.equal(found({ state: 'firing' }), 'cb');
  assert.equal(found({ state: 'resolved' }), 'ad');
  assert.equal(found({ severity: 'WARNING' }), 'bd');
  assert.equal(found({ severity: 'warn' }), '');
});

test('all words must be in labels or annotations, with their names', () => {
  assert.equal(found({ words: ['too', 'MANY'] }), 'cbad');
  assert.equal(found({ words: ['team=shop'] }), 'b');
  assert.equal(found({ words: ['team=shop', 'nothing'] }), '');
});

test('pages follow one another without a gap or a repeat', () => {
  const some = fc.array(
    fc.record({
      fires: fc.boolean(),
      starts: fc.integer({ min: 0, max: 5 }),
      fingerprint: fc.stringMatching(/^[a-f]{2}$/),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 7 }), (raw, limit) => {
      const unique = new Map(raw.map((one) => [`${one.fingerprint}${one.starts}`, one]));
      const alerts = [...unique.values()].map(({ fingerprint, fires, starts }) =>
        alert(fires ? 'firing' : 'resolved', { fingerprint, starts, ends: 9 }),
      );
      const paged: Alert[] = [];
      for (let after: Alert | null = null, more = true; more; after = paged.at(-1) ?? null) {
        const page = selectAlerts(alerts, { ...ALL, limit, after });
        assert.ok(page.alerts.length === limit || !page.hasMore);
        paged.push(...page.alerts);
        more = page.hasMore;
      }
      assert.deepEqual(paged, selectAlerts(alerts, ALL).alerts);
      assert.equal(new Set(paged).size, alerts.length);
    }),
  );
});
