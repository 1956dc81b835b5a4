import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AccountingReport, DestinationAccount } from '#core/accounting.ts';
import { ACCOUNTING } from './api-answers.fixture.ts';
import { createTestApi } from './api-server.fixture.ts';
import type { AccountingResponse } from './schemas/accounting.ts';

const [UP_TO_DATE, BEHIND] = ACCOUNTING.destinations as [DestinationAccount, DestinationAccount];
let report: AccountingReport | Error = ACCOUNTING;
let api: Awaited<ReturnType<typeof createTestApi>>;
before(async () => {
  api = await createTestApi({
    readAccounting: async () => {
      if (report instanceof Error) throw report;
      return report;
    },
  });
});
after(() => api.close());

const read = () => api.get('/api/v1/accounting');

async function answerTo(next: AccountingReport): Promise<AccountingResponse> {
  report = next;
  return (await read()).json();
}

const withDestinations = (...destinations: DestinationAccount[]) =>
  answerTo({ journals: [], destinations, warnings: [], processors: [] });

test('times are RFC 3339, and null where there is none', async () => {
  const { at, destinations, journals } = await answerTo(ACCOUNTING);
  assert.equal(new Date(at).toISOString(), at);
  assert.deepEqual(
    journals.map(({ oldestAt }) => oldestAt),
    ['2026-01-01T00:00:00.123Z', null],
  );
  assert.deepEqual(
    destinations.map(({ nextAttemptAt, oldestWaitingAt }) => [oldestWaitingAt, nextAttemptAt]),
    [
      [null, null],
      ['2026-01-01T00:00:00.123Z', '2026-01-01T00:00:05.000Z'],
    ],
  );
});

test('counts are the ones that were read', async () => {
  const { destinations, journals } = await answerTo(ACCOUNTING);
  const { nextAttemptUnixMs: _next, oldestWaitingUnixMs: _oldest, ...counts } = BEHIND;
  assert.partialDeepStrictEqual(destinations[1], counts);
  const { oldestUnixMs: _oldestKept, ...journal } = ACCOUNTING.journals[1]!;
  assert.partialDeepStrictEqual(journals[1], journal);
});

test('a sum holds only when every item that was accepted is somewhere', async () => {
  const all = await withDestinations(UP_TO_DATE, BEHIND);
  assert.deepEqual([all.balanced, ...all.destinations.map(({ balanced }) => balanced)], [true, true, true]);
  for (const part of ['delivered', 'waiting', 'expired', 'refused', 'deadLettered', 'damaged'] as const) {
    const off = await withDestinations(UP_TO_DATE, { ...BEHIND, [part]: BEHIND[part] - 1 });
    assert.deepEqual(
      [off.balanced, ...off.destinations.map(({ balanced }) => balanced)],
      [false, true, false],
      part,
    );
  }
});

test('one item too many breaks the sum as one too few does', async () => {
  const { balanced } = await withDestinations({ ...UP_TO_DATE, delivered: UP_TO_DATE.delivered + 1 });
  assert.equal(balanced, false);
});

test('warnings come with the time of the last point, and are an empty list when there are none', async () => {
  const { warnings } = await answerTo(ACCOUNTING);
  assert.deepEqual(warnings, [
    {
      code: 'delta_temporality',
      message: 'some may be lost',
      points: 12,
      services: ['shop', 'stock'],
      lastAt: '2026-01-01T00:00:00.123Z',
    },
  ]);
  assert.deepEqual((await withDestinations(UP_TO_DATE)).warnings, []);
});

test('what processors dropped is added up over services by rule, and nothing else they did is listed', async () => {
  const { processors } = await answerTo(ACCOUNTING);
  assert.deepEqual(processors, [
    { processor: 'sample', signal: 'traces', reason: 'drop:health_checks', items: 96 },
    { processor: 'sample', signal: 'logs', reason: 'rate_limit:rate_limits[0]', items: 7 },
  ]);
  assert.deepEqual((await answerTo({ ...ACCOUNTING, processors: [] })).processors, []);
});

test('with no destination there is nothing that could be off', async () => {
  const { balanced, destinations, journals } = await withDestinations();
  assert.deepEqual({ balanced, destinations, journals }, { balanced: true, destinations: [], journals: [] });
});

test('large counts come out digit by digit, and their sum is held to the last one', async () => {
  const accepted = Number.MAX_SAFE_INTEGER;
  const counts = { ...UP_TO_DATE, accepted, delivered: accepted - 1, waiting: 1 };
  assert.equal((await withDestinations(counts)).balanced, true);
  assert.ok((await read()).body.includes('"accepted":9007199254740991,"delivered":9007199254740990,'));
  assert.equal((await withDestinations({ ...counts, waiting: 0 })).balanced, false);
});

test('an account that cannot be read is our own fault: 500, and the details are in the log', async () => {
  report = new Error('secret detail of the journal');
  const response = await read();
  assert.equal(response.statusCode, 500);
  assert.ok(!response.body.includes('secret detail'));
  const line = api.logger.lines.find(({ message }) => message === 'api request failed');
  assert.equal(line?.context.route, '/api/v1/accounting');
  assert.match(String(line?.context.error), /secret detail of the journal/);
});
