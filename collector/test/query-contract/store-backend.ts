import { setTimeout as sleep } from 'node:timers/promises';
import { EPOCH, SECOND, type Value } from '#test/support/otlp-payload.ts';
import { openTempStore } from '#test/support/temp-store.ts';
import type { Keeps, OpenBackend } from './backend.ts';

/** Integers without a point, as attributes are kept. */
function jsonOf(value: Value): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? Number(one) : one));
}

const KEEPS: Keeps = {
  traceStartsWith: 'root',
  repeatsListed: false,
  spanFlags: true,
  attributeOrder: true,
  logBody: jsonOf,
  logAttributes: (sent) => JSON.parse(jsonOf(sent)) as Record<string, unknown>,
  resourceInAttributes: false,
  eventNames: true,
  wordsInAttributes: true,
  timeOfTimeless: 'null',
  metricName: ({ name }) => name,
  metricType: (sent) => (sent.endsWith('counter') ? 'sum' : sent),
  metricUnit: (sent) => sent,
  metricAttributes: (sent) => JSON.parse(jsonOf(sent)) as Record<string, unknown>,
  counterStarts: true,
  exponentialMiddle: (lower, upper) => (lower + upper) / 2,
  exemplarsWithoutTrace: true,
  requestsFrom: 'spans',
  quantileError: 1e-9,
};

/** The embedded store, empty for each test. */
export const openStoreBackend: OpenBackend = async (context) => {
  const temp = await openTempStore(context);
  let now = EPOCH;
  return {
    query: temp.query,
    epoch: EPOCH - (EPOCH % (60n * SECOND)),
    run: 'only',
    accept: (...payloads) => temp.accept(...payloads),
    now: () => now++,
    async untilFollowing() {
      // The tail has asked what is there; queries of one connection after another.
      await temp.value('SELECT 1');
      await temp.value('SELECT 1');
      await sleep(0);
    },
    keeps: KEEPS,
  };
};
