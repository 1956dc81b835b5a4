import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNALS } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { message } from '#otlp/testing/arbitrary.ts';
import { encodeAs, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { processBytes, type Settings, testProcessors } from './testing/process-request.ts';

const RUNS = { numRuns: 200, seed: 20261125 };

/** So tight that random requests meet every limit; what is put in would be beyond it the next time. */
const TIGHT: Settings = {
  redact: { ip_addresses: 'hash', keys: ['a'] },
  content: { mode: 'metadata', keys: ['http.route'] },
  limit: {
    max_attributes: 1,
    max_events: 1,
    max_links: 1,
    max_exemplars: 1,
    max_entity_refs: 1,
    max_depth: 1,
    max_list_values: 1,
    max_series_per_metric: 1,
  },
  enrich: { unknown_service: false },
};

for (const signal of SIGNALS) {
  for (const [name, settings] of [
    ['defaults and more attributes', { enrich: { attributes: ['team=payments'] } }],
    ['tight limits', TIGHT],
  ] as const) {
    test(`random ${signal} with ${name} stay valid, and a second time nothing changes`, () => {
      fc.assert(
        fc.property(message(REQUEST_NAMES[signal]), (request) => {
          const processors = testProcessors(settings);
          const bytes = encodeAs(REQUEST_NAMES[signal], request);
          const once = processBytes(processors, signal, bytes);
          const checked = checkRequest(signal, once.bytes);
          assert.ok(checked.ok);
          assert.equal(checked.rejected, 0);
          assert.equal(checked.items, once.items);
          assert.ok(once.longestItemBytes >= checked.longestItemBytes);
          const again = processBytes(testProcessors(settings), signal, once.bytes);
          assert.deepEqual(again.bytes, once.bytes);
          assert.equal(again.warning, '');
        }),
        RUNS,
      );
    });
  }
}
