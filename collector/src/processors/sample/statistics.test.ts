import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rewrite } from '#otlp/rewrite.ts';
import { decodeAs, encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { probabilityOf, thresholdOf, weightOf } from '#otlp/tracestate.ts';
import { createSelect, type Select } from './select.ts';
import { configOf, itemsOf, seeded, span, traces } from './testing/requests.ts';

const SPANS_PER_TRACE = 5;
const hexOf = (id: unknown) => Buffer.from(id as number[]).toString('hex');

function traceId(random: () => number): string {
  return Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}

const selectOf = (section: object): Select =>
  createSelect(configOf({ traces: section }), { random: () => 0, monotonicMs: () => 0 });

function pass(select: Select, services: Record<string, Plain[]>): Plain {
  const name = 'ExportTraceServiceRequest';
  const bytes = encodeAs(name, traces(services));
  return decodeAs(name, rewrite(bytes, select.select('traces', bytes).edits));
}

const passSpans = (select: Select, spans: Plain[], service = 'a') =>
  itemsOf(pass(select, { [service]: spans }));

/** Traces of five spans, in requests of a hundred. */
function manyTraces(count: number, random: () => number): Plain[][] {
  const requests: Plain[][] = [];
  for (let i = 0; i < count; i++) {
    if (i % 100 === 0) requests.push([]);
    const trace = traceId(random);
    for (let j = 1; j <= SPANS_PER_TRACE; j++) requests.at(-1)!.push(span({ trace, id: String(j) }));
  }
  return requests;
}

const weightsOf = (spans: Plain[]) =>
  spans.reduce((sum, { traceState }) => sum + weightOf(traceState as string), 0);

test('at 10 % a tenth of 50,000 spans is kept, and their weights add up to all of them', (t) => {
  const count = 10_000;
  const select = selectOf({ ratio: 0.1 });
  const kept = manyTraces(count, seeded(42)).flatMap((spans) => passSpans(select, spans));
  const p = probabilityOf(thresholdOf(0.1));
  // Whole traces are drawn, so their number is what varies.
  const standardErrorOfTraces = Math.sqrt(count * p * (1 - p));
  const keptDeviation = (kept.length / SPANS_PER_TRACE - count * p) / standardErrorOfTraces;
  const sum = weightsOf(kept);
  const sumDeviation = (sum / SPANS_PER_TRACE - count) / (standardErrorOfTraces / p);
  t.diagnostic(
    `${kept.length} of ${count * SPANS_PER_TRACE} spans (${keptDeviation.toFixed(2)} standard errors), ` +
      `weights ${sum.toFixed(0)} (${sumDeviation.toFixed(2)})`,
  );
  assert.ok(Math.abs(keptDeviation) < 4 && Math.abs(sumDeviation) < 4);
  const byTrace = Map.groupBy(kept, (each) => hexOf(each.traceId));
  assert.ok([...byTrace.values()].every((spans) => spans.length === SPANS_PER_TRACE));
});

/** Of sixteenths, so that sixteen values of randomness stand for all of them. */
const sixteenths = fc.integer({ min: 0, max: 15 });
const spanOfTrace = fc.record({
  /** How it was sampled before; it comes only where the randomness reaches this. */
  before: sixteenths,
  isError: fc.boolean(),
  service: fc.constantFrom('a', 'b'),
  /** In which of the requests, one after the other. */
  request: fc.integer({ min: 0, max: 2 }),
});

test('whatever a trace looks like, the weights of its spans are right on average, exactly', () => {
  const ratios = fc.tuple(sixteenths, sixteenths).map(([a, b]) => ({
    ratio: 1 - a / 16,
    services: [{ service: 'b', ratio: 1 - b / 16 }],
  }));
  fc.assert(
    fc.property(ratios, fc.array(spanOfTrace, { minLength: 1, maxLength: 5 }), (section, sketches) => {
      const sums = sketches.map(() => 0);
      for (let randomness = 0; randomness < 16; randomness++) {
        const select = selectOf(section);
        const trace = randomness.toString(16).padEnd(14, '0');
        for (const request of [0, 1, 2]) {
          const services: Record<string, Plain[]> = {};
          sketches.forEach(({ before, isError, service, request: at }, index) => {
            if (at !== request || randomness < before) return;
            const state = before === 0 ? '' : `ot=th:${before.toString(16)}`;
            const sketch = { trace, name: String(index), state, ...(isError ? { status: 2 } : {}) };
            services[service] = [...(services[service] ?? []), span(sketch)];
          });
          for (const { name, traceState } of itemsOf(pass(select, services)))
            sums[Number(name)]! += weightOf(traceState as string);
        }
      }
      for (const sum of sums) assert.ok(Math.abs(sum - 16) < 1e-9, String(sum));
    }),
    { numRuns: 300, seed: 20260906 },
  );
});

test('services agree on a trace at the same ratio, and what is kept at 10 % is kept at 50 %', () => {
  const requests = manyTraces(2000, seeded(44));
  const keptBy = (section: object, service: string) => {
    const select = selectOf(section);
    return new Set(
      requests.flatMap((spans) => passSpans(select, spans, service)).map((each) => hexOf(each.traceId)),
    );
  };
  const tenth = keptBy({ ratio: 0.1 }, 'a');
  assert.deepEqual(keptBy({ ratio: 0.1 }, 'b'), tenth);
  assert.ok(tenth.size > 100);
  const half = keptBy({ services: [{ service: 'c', ratio: 0.5 }] }, 'c');
  assert.ok(tenth.isSubsetOf(half) && half.size > 4 * tenth.size);
  const again = new Set(
    requests
      .flatMap((spans) => passSpans(selectOf({ ratio: 0.1 }), passSpans(selectOf({ ratio: 0.5 }), spans)))
      .map((each) => hexOf(each.traceId)),
  );
  assert.deepEqual(again, tenth, 'in two steps as in one');
});
