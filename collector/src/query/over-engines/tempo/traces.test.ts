import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEVER } from '#test/support/temp-store.ts';
import { readTraces } from './traces.ts';

const SECOND = 1_000_000_000n;
const TIME = 1_790_000_000n * SECOND;
const DAY = 86_400n * SECOND;
const FILTERS = {
  service: null,
  operation: null,
  kind: null,
  minDurationNano: null,
  maxDurationNano: null,
  error: null,
  attributes: [],
};

interface Kept {
  traceID: string;
  startTimeUnixNano: string;
  spanSets: object[];
}

/** `count` traces of one span that start a microsecond after another, the newest first. */
function from(start: bigint, count: number): Kept[] {
  return Array.from({ length: count }, (_, n) => {
    const startTimeUnixNano = String(start + BigInt(count - 1 - n) * 1000n);
    const spans = [{ spanID: '1'.repeat(16), startTimeUnixNano }];
    return {
      traceID: startTimeUnixNano.padStart(32, '0'),
      startTimeUnixNano,
      spanSets: [{ spans, matched: 1 }],
    };
  });
}

/** All pages of what a Tempo has that holds these traces, newest first; ids, and how often it was asked. */
async function readAll(kept: readonly Kept[]) {
  let asked = 0;
  const client = {
    ask: () => assert.fail('only JSON is asked for'),
    async askJson<T>({ params = {} }: { params?: Record<string, unknown> }) {
      asked++;
      const { end, limit, start } = params as { start: bigint; end: bigint; limit: number };
      assert.ok(limit <= 20_000);
      const isIn = ({ startTimeUnixNano }: Kept) =>
        BigInt(startTimeUnixNano) >= start * SECOND && BigInt(startTimeUnixNano) <= end * SECOND;
      return { traces: kept.filter(isIn).slice(0, limit) } as T;
    },
  };
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const request = { range: { from: TIME - DAY, to: TIME + DAY }, filters: FILTERS };
    const page = await readTraces(client, { ...request, page: { limit: 1000, cursor } }, NEVER);
    ids.push(...page.traces.map(({ traceId }) => traceId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { ids, asked };
}

test('behind more traces of one second than a search tells come the older ones', async () => {
  const older = [...from(TIME - SECOND, 1500), ...from(TIME - DAY, 1)];
  const most = from(TIME, 21_000);
  const { asked, ids } = await readAll([...most, ...older]);
  assert.deepEqual(
    ids,
    [...most.slice(0, 20_000), ...older].map(({ traceID }) => traceID),
  );
  assert.ok(asked < 150, `asked ${asked} times`);
});

test('of newer traces none is left out when a search breaks off in such a second', async () => {
  const all = [...from(TIME + 3n * SECOND, 30), ...from(TIME, 19_990), ...from(TIME - SECOND, 30)];
  const { ids } = await readAll(all);
  assert.deepEqual(
    ids,
    all.map(({ traceID }) => traceID),
  );
});
