import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BoundNotice } from './alert.ts';
import { applyNotice, type Episodes } from './episodes.ts';
import { brief, notice, SECOND, TEN } from './testing/notices.ts';

interface Told {
  second: number;
  notice: BoundNotice;
}

const episode = fc.record({
  quiet: fc.integer({ min: 20, max: 500 }),
  lasts: fc.integer({ min: 0, max: 500 }),
  repeats: fc.integer({ min: 0, max: 3 }),
  /** Whether its end is told: Alertmanager or we may have been down. */
  endTold: fc.boolean(),
  /** How many seconds after its end was told notices that had been sent before still come. */
  overtaken: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
});
type Episode = typeof episode extends fc.Arbitrary<infer T> ? T : never;

/** What really happened, what is told of it, and what a list of it should say. */
function play(story: readonly Episode[]): { told: Told[]; stale: Told[]; expected: string[] } {
  const told: Told[] = [];
  const stale: Told[] = [];
  const expected: string[] = [];
  let second = 0;
  for (const { endTold, lasts, overtaken, quiet, repeats } of story) {
    const starts = second + quiet;
    const ends = starts + lasts;
    const last = expected.at(-1);
    if (last?.startsWith('firing'))
      expected[expected.length - 1] = `${last.replace('firing', 'resolved')}${starts}`;
    const fires = notice('firing', { starts });
    for (let i = 0; i <= repeats; i++) told.push({ second: starts + i, notice: fires });
    second = Math.max(ends, starts + repeats) + 10;
    expected.push(endTold ? `resolved ${starts}-${ends}` : `firing ${starts}-`);
    if (!endTold) continue;
    told.push({ second, notice: notice('resolved', { starts, ends }) });
    for (const after of overtaken) stale.push({ second: second + after, notice: fires });
  }
  return { told, stale, expected };
}

function tell(told: readonly Told[]): Episodes {
  const inOrder = [...told].sort((a, b) => a.second - b.second);
  return inOrder.reduce<Episodes>(
    (episodes, { notice, second }) => applyNotice(episodes, notice, TEN + BigInt(second) * SECOND),
    [],
  );
}

test('the episodes are the story, ends that were missed and notices that were overtaken included', () => {
  fc.assert(
    fc.property(fc.array(episode, { maxLength: 6 }), (story) => {
      const { expected, stale, told } = play(story);
      assert.deepEqual(tell([...told, ...stale]).map(brief), expected);
    }),
  );
});

test('once the next episode fires, whatever comes of those before changes nothing', () => {
  const notices = fc.array(fc.record({ at: fc.nat(), after: fc.nat({ max: 5000 }) }), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(episode, { minLength: 2, maxLength: 5 }), notices, (story, late) => {
      const next = story.at(-1)!;
      const { told } = play([...story.slice(0, -1), { ...next, endTold: false }]);
      const episodes = tell(told);
      const earlier = told.filter(({ notice }) => notice.startsUnixNano < episodes.at(-1)!.startsUnixNano);
      for (const { after, at } of late) {
        const second = told.at(-1)!.second + after;
        const again = earlier[at % earlier.length]!.notice;
        assert.equal(applyNotice(episodes, again, TEN + BigInt(second) * SECOND), episodes);
      }
    }),
  );
});

test('whatever is told, starts are in order, at most the last fires, and it is as it was told unless that was late', () => {
  const any = fc.record({
    second: fc.integer({ min: 0, max: 200 }),
    state: fc.constantFrom('firing' as const, 'resolved' as const),
    starts: fc.integer({ min: -50, max: 200 }),
    ends: fc.option(fc.integer({ min: -100, max: 300 })),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 30 }), (all) => {
      let episodes: Episodes = [];
      for (const { ends, second, starts, state } of all) {
        const before = episodes;
        episodes = applyNotice(episodes, notice(state, { starts, ends }), TEN + BigInt(second) * SECOND);
        if (episodes !== before) assert.equal(episodes.at(-1)?.state, state);
        for (const [index, { endsUnixNano, startsUnixNano, state: is }] of episodes.entries()) {
          const next = episodes[index + 1];
          assert.ok(next === undefined || (startsUnixNano < next.startsUnixNano && is === 'resolved'));
          assert.equal(endsUnixNano === null, is === 'firing');
          assert.ok(endsUnixNano === null || endsUnixNano >= startsUnixNano);
        }
      }
    }),
  );
});
