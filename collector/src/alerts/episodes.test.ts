import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoundNotice } from './alert.ts';
import { applyNotice, type Episodes } from './episodes.ts';
import { brief, notice, SECOND, TEN } from './testing/notices.ts';

/** Tells the notices, each at its second after ten. */
function tell(...told: (readonly [second: number, notice: BoundNotice])[]): Episodes {
  return told.reduce<Episodes>(
    (episodes, [second, one]) => applyNotice(episodes, one, TEN + BigInt(second) * SECOND),
    [],
  );
}

const briefs = (episodes: Episodes) => episodes.map(brief);

test('an alert begins, is told again and ends', () => {
  const episodes = tell(
    [30, notice('firing')],
    [300, notice('firing')],
    [630, notice('resolved', { ends: 600 })],
  );
  assert.deepEqual(briefs(episodes), ['resolved 0-600']);
  assert.partialDeepStrictEqual(episodes[0], {
    firstNotifiedUnixNano: TEN + 30n * SECOND,
    lastNotifiedUnixNano: TEN + 630n * SECOND,
    notifications: 3,
  });
});

test('what is told last of labels and annotations is what is kept', () => {
  const episodes = tell(
    [1, notice('firing')],
    [2, { ...notice('firing'), annotations: { summary: 'worse' } }],
  );
  assert.deepEqual(episodes[0]?.annotations, { summary: 'worse' });
});

test('a later start is a new episode', () => {
  const episodes = tell(
    [30, notice('firing')],
    [90, notice('resolved', { ends: 60 })],
    [95, notice('firing', { starts: 92 })],
  );
  assert.deepEqual(briefs(episodes), ['resolved 0-60', 'firing 92-']);
});

test('an end that was never told is where the next episode starts', () => {
  const fires = tell([30, notice('firing')], [400, notice('firing', { starts: 390 })]);
  assert.deepEqual(briefs(fires), ['resolved 0-390', 'firing 390-']);
  const over = tell([30, notice('firing')], [400, notice('resolved', { starts: 390, ends: 395 })]);
  assert.deepEqual(briefs(over), ['resolved 0-390', 'resolved 390-395']);
});

test('a notice that was overtaken does not reopen what is over', () => {
  const told = [
    [30, notice('firing')],
    [90, notice('resolved', { ends: 60 })],
  ] as const;
  const before = tell(...told);
  assert.deepEqual(briefs(before), ['resolved 0-60']);
  for (const second of [0, 2, 4]) {
    assert.equal(applyNotice(before, notice('firing'), TEN + BigInt(90 + second) * SECOND), before);
  }
});

test('what Alertmanager took for resolved and then heard of again fires again', () => {
  const episodes = tell(
    [30, notice('firing')],
    [90, notice('resolved', { ends: 60 })],
    [95, notice('firing')],
  );
  assert.deepEqual(briefs(episodes), ['firing 0-']);
  assert.equal(episodes[0]?.notifications, 3);
});

test('a clock that was set back since then does not keep an alert down', () => {
  const episodes = tell(
    [3600, notice('firing')],
    [3690, notice('resolved', { ends: 60 })],
    [100, notice('firing')],
  );
  assert.deepEqual(briefs(episodes), ['firing 0-']);
});

test('a notice of an episode before the last changes nothing, however late it is', () => {
  const before = tell([30, notice('firing')], [400, notice('firing', { starts: 390 })]);
  for (const old of [
    notice('firing'),
    notice('resolved', { ends: 60 }),
    notice('resolved', { ends: 9999 }),
  ]) {
    assert.equal(applyNotice(before, old, TEN + 9000n * SECOND), before);
  }
});

test('the end of something before all that is known is late', () => {
  const before = tell([400, notice('firing', { starts: 390 })]);
  assert.equal(applyNotice(before, notice('resolved', { ends: 60 }), TEN + 401n * SECOND), before);
});

test('an earlier start that a second Prometheus saw is the same alert, and its end ends it', () => {
  const fires = [
    [40, notice('firing', { starts: 7 })],
    [70, notice('firing', { starts: 0 })],
  ] as const;
  assert.deepEqual(briefs(tell(...fires)), ['firing 7-']);
  assert.deepEqual(briefs(tell(...fires, [130, notice('resolved', { starts: 0, ends: 100 })])), [
    'resolved 7-100',
  ]);
});

test('an end is told by the notice, is now when the notice has none, and is never before the start', () => {
  assert.deepEqual(briefs(tell([90, notice('resolved', { ends: 60 })])), ['resolved 0-60']);
  assert.deepEqual(briefs(tell([90, notice('resolved')])), ['resolved 0-90']);
  assert.deepEqual(briefs(tell([90, notice('resolved', { starts: 50, ends: 20 })])), ['resolved 50-50']);
  assert.deepEqual(briefs(tell([90, notice('firing', { ends: 600 })])), ['firing 0-']);
});
