import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNALS } from '#core/signal.ts';
import { checkRequest } from './check.ts';
import { jsonToProtobuf } from './json-to-protobuf.ts';
import { message } from './testing/arbitrary.ts';
import { collect } from './testing/collect.ts';
import { expected } from './testing/expected.ts';
import { jsonForm } from './testing/json-form.ts';
import { decodeAs, encodeAs, type Plain, REQUEST_NAMES } from './testing/reference.ts';

const RUNS = { numRuns: 250, seed: 20260721 };

function itemsOf(found: Plain[]): number {
  return found.reduce((sum, each) => {
    if (each.metric !== undefined) return sum + ((each.metric as Plain).points as unknown[]).length;
    return sum + (each.span !== undefined || each.log !== undefined ? 1 : 0);
  }, 0);
}

for (const signal of SIGNALS) {
  const name = REQUEST_NAMES[signal];

  test(`random ${signal} are accepted as they are and read as the reference reads them`, () => {
    fc.assert(
      fc.property(message(name), (request) => {
        const bytes = encodeAs(name, request);
        const checked = checkRequest(signal, bytes);
        assert.ok(checked.ok);
        assert.equal(checked.bytes, bytes);
        assert.equal(checked.rejected, 0);
        const wanted = expected(signal, decodeAs(name, bytes));
        assert.deepEqual(collect(signal, bytes), wanted);
        assert.equal(checked.items, itemsOf(wanted));
      }),
      RUNS,
    );
  });

  test(`random ${signal} in OTLP/JSON mean the same as in protobuf`, () => {
    fc.assert(
      fc.property(message(name), (request) => {
        const json = Buffer.from(JSON.stringify(jsonForm(name, request)));
        const transcoded = jsonToProtobuf(signal, json);
        assert.ok(transcoded.ok, transcoded.ok ? '' : transcoded.message);
        assert.deepEqual(decodeAs(name, transcoded.bytes), decodeAs(name, encodeAs(name, request)));
      }),
      RUNS,
    );
  });
}

const FAULTS: ((span: Plain) => void)[] = [
  (span) => {
    span.traceId = Buffer.alloc(16);
  },
  (span) => {
    span.traceId = Buffer.alloc(15, 1);
  },
  (span) => {
    delete span.spanId;
  },
  (span) => {
    span.parentSpanId = Buffer.alloc(7, 1);
  },
];

test('of random spans with and without faults exactly those without are left, all else unchanged', () => {
  const plans = fc.array(fc.integer({ min: -4, max: FAULTS.length - 1 }), { minLength: 200, maxLength: 200 });
  fc.assert(
    fc.property(message('ExportTraceServiceRequest'), plans, (request, plan) => {
      let at = 0;
      let bad = 0;
      for (const group of (request.resourceSpans ?? []) as Plain[]) {
        for (const scope of (group.scopeSpans ?? []) as Plain[]) {
          for (const span of (scope.spans ?? []) as Plain[]) {
            const fault = FAULTS[plan[at++ % plan.length]!];
            if (fault === undefined) continue;
            fault(span);
            bad++;
          }
        }
      }
      const checked = checkRequest('traces', encodeAs('ExportTraceServiceRequest', request));
      assert.ok(checked.ok);
      assert.equal(checked.rejected, bad);
      assert.equal(checked.items, at - bad);
      removeBad(request);
      const wanted = encodeAs('ExportTraceServiceRequest', request);
      assert.deepEqual(Buffer.from(checked.bytes), Buffer.from(wanted));
    }),
    RUNS,
  );
});

function isGood(span: Plain): boolean {
  const traceId = Buffer.from((span.traceId ?? []) as Uint8Array);
  const parent = (span.parentSpanId ?? []) as Uint8Array;
  const isTraceGood = traceId.length === 16 && traceId.some((byte) => byte !== 0);
  return isTraceGood && span.spanId !== undefined && (parent.length === 0 || parent.length === 8);
}

function removeBad(request: Plain): void {
  for (const group of (request.resourceSpans ?? []) as Plain[]) {
    for (const scope of (group.scopeSpans ?? []) as Plain[]) {
      if (scope.spans !== undefined) scope.spans = (scope.spans as Plain[]).filter(isGood);
    }
  }
}
