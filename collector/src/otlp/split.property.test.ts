import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { checkRequest } from './check.ts';
import { REQUESTS } from './schema.ts';
import { keepItems } from './split.ts';
import { message } from './testing/arbitrary.ts';
import { collect } from './testing/collect.ts';
import { encodeAs, type Plain } from './testing/reference.ts';

interface Item {
  around: Plain[];
  item: unknown;
}

/** Every item with what stands around it, in order. */
function itemsOf(signal: Signal, bytes: Uint8Array): Item[] {
  let resource: Plain = {};
  let scope: Plain = {};
  return collect(signal, bytes).flatMap((found) => {
    if ('resource' in found) resource = found.resource as Plain;
    else if ('scope' in found) scope = found.scope as Plain;
    else if ('metric' in found) {
      const { points, ...metric } = found.metric as Plain;
      return (points as Plain[]).map((item) => ({ around: [resource, scope, metric], item }));
    } else return [{ around: [resource, scope], item: found }];
    return [];
  });
}

/** As whoever looks for an item at fault cuts a request in two; null when there is nothing to cut. */
function splitRequest(signal: Signal, bytes: Uint8Array): [Uint8Array, Uint8Array] | null {
  const items = itemsOf(signal, bytes).length;
  if (items < 2) return null;
  const half = items >> 1;
  return [
    keepItems(signal, bytes, { from: 0, to: half }),
    keepItems(signal, bytes, { from: half, to: items }),
  ];
}

function leaves(signal: Signal, bytes: Uint8Array): Uint8Array[] {
  const halves = splitRequest(signal, bytes);
  return halves === null ? [bytes] : halves.flatMap((half) => leaves(signal, half));
}

const RUNS = { numRuns: 200 };

for (const signal of SIGNALS) {
  const request = message(REQUESTS[signal]).map((plain) => {
    const checked = checkRequest(signal, encodeAs(REQUESTS[signal], plain));
    assert.ok(checked.ok);
    return checked;
  });

  test(`${signal}: splitting until nothing can be split gives every item once, in what stood around it`, () => {
    fc.assert(
      fc.property(request, ({ bytes, items }) => {
        const parts = leaves(signal, bytes);
        if (items === 0) return;
        assert.equal(parts.length, items);
        assert.deepEqual(
          parts.flatMap((part) => itemsOf(signal, part)),
          itemsOf(signal, bytes),
        );
      }),
      RUNS,
    );
  });

  test(`${signal}: halves are valid requests and hold about half of the items`, () => {
    fc.assert(
      fc.property(request, ({ bytes, items }) => {
        const halves = splitRequest(signal, bytes);
        assert.equal(halves === null, items < 2);
        const counts = (halves ?? []).map((half) => {
          const checked = checkRequest(signal, half);
          assert.ok(checked.ok && checked.rejected === 0);
          return checked.items;
        });
        if (halves !== null) assert.deepEqual(counts, [items >> 1, items - (items >> 1)]);
      }),
      RUNS,
    );
  });

  test(`${signal}: a range keeps exactly its items`, () => {
    fc.assert(
      fc.property(request, fc.nat(5), fc.nat(5), ({ bytes }, from, length) => {
        const range = { from, to: from + length };
        const kept = itemsOf(signal, keepItems(signal, bytes, range));
        assert.deepEqual(kept, itemsOf(signal, bytes).slice(from, from + length));
      }),
      RUNS,
    );
  });
}
