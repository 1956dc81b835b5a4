import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { readLogs } from './logs.ts';
import { createLokiClient } from './loki-client.ts';

const TIME = 1_790_000_000_000_000_000n;
const DAY = 86_400_000_000_000n;
const FILTERS = { service: null, minSeverity: 0, words: [], traceId: null, spanId: null, attributes: [] };

/** `count` records of one time; their bodies tell them apart. */
function at(time: bigint, count: number): [time: bigint, body: string][] {
  return Array.from({ length: count }, (_, n) => [time, `${time}-${n}`]);
}

/** All pages of what a Loki has that holds these records, newest first; bodies, and how often it was asked. */
async function readAll(kept: readonly [time: bigint, body: string][]) {
  let asked = 0;
  const loki = createLokiClient({
    ask: () => assert.fail('only JSON is asked for'),
    async askJson<T>({ params = {} }: { params?: Record<string, unknown> }) {
      asked++;
      const { end, limit, start } = params as { start: bigint; end: bigint; limit: number };
      const values = kept
        .filter(([time]) => time >= start && time < end)
        .slice(0, limit)
        .map(([time, body]) => [String(time), body, {}]);
      return { data: { result: [{ stream: { service_name: 'a' }, values }] } } as T;
    },
  });
  const bodies: string[] = [];
  let cursor: string | null = null;
  do {
    const request = { range: { from: TIME - DAY, to: TIME + DAY }, filters: FILTERS };
    const page = await readLogs(loki, { ...request, page: { limit: 500, cursor } }, NEVER);
    bodies.push(...page.logs.map(({ body }) => JSON.parse(stringifyExact(body)) as string));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { bodies, asked };
}

test('behind more records of one nanosecond than Loki hands out come the older ones', async () => {
  const older = [...at(TIME - 1n, 700), ...at(TIME - DAY, 1)];
  const { asked, bodies } = await readAll([...at(TIME, 6000), ...older]);
  assert.equal(bodies.length, 5000 + older.length);
  assert.deepEqual(new Set(bodies).size, bodies.length);
  assert.deepEqual(new Set(bodies.slice(5000)), new Set(older.map(([, body]) => body)));
  assert.ok(asked < 50, `asked ${asked} times`);
});

test('of newer records none is left out when an answer breaks off in such a nanosecond', async () => {
  const all = [...at(TIME + 5n, 30), ...at(TIME, 5000), ...at(TIME - 5n, 30)];
  const { bodies } = await readAll(all);
  assert.deepEqual(new Set(bodies), new Set(all.map(([, body]) => body)));
  assert.equal(bodies.length, all.length);
});

test('many such nanoseconds one after another end', async () => {
  const { bodies } = await readAll([0n, 1n, 2n].flatMap((n) => at(TIME - n, 5500)));
  assert.equal(bodies.length, 15_000);
});
