import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkRequest } from '#otlp/check.ts';
import { rewrite } from '#otlp/rewrite.ts';
import { message } from '#otlp/testing/arbitrary.ts';
import { decodeAs, encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { KEY } from '../keys/key-class.ts';
import { CONTENT_MODES, type ContentMode } from './config.ts';
import { MODE_KEY } from './content-mode.ts';
import { editGroups } from './testing/edit-groups.ts';

const RUNS = { numRuns: 200, seed: 20261125 };
const ITEM_LISTS = { traces: 'spans', logs: 'logRecords' } as const;
type Node = Record<string, unknown>;

/** By its length, so that any key may be content. */
const isContent = (key: string) => key.length % 2 === 1;
const isAttribute = (node: unknown): node is { key: string } =>
  typeof node === 'object' && node !== null && 'key' in node && typeof node.key === 'string';

function hasContent(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return (isAttribute(node) && isContent(node.key)) || Object.values(node).some(hasContent);
}

function withoutContent(node: unknown): unknown {
  if (Array.isArray(node)) {
    return node.filter((each) => !(isAttribute(each) && isContent(each.key))).map(withoutContent);
  }
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutContent(value)]));
}

function expected(request: Plain, list: string, mode: ContentMode): unknown {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [
        key,
        key === list ? (value as Node[]).map(mark) : visit(value),
      ]),
    );
  };
  const mark = (item: Node): Node => {
    if (!hasContent(item)) return item;
    const stamp = decodeAs('KeyValue', encodeAs('KeyValue', { key: MODE_KEY, value: { stringValue: mode } }));
    return { ...item, attributes: [stamp, ...(item.attributes as unknown[])] };
  };
  const marked = visit(request);
  // The length of our own key must be even, or the model would take it out.
  assert.ok(!isContent(MODE_KEY));
  return mode === 'metadata' ? withoutContent(marked) : marked;
}

for (const signal of ['traces', 'logs'] as const) {
  test(`random ${signal} lose content and nothing else`, () => {
    fc.assert(
      fc.property(message(REQUEST_NAMES[signal]), fc.constantFrom(...CONTENT_MODES), (request, mode) => {
        const bytes = encodeAs(REQUEST_NAMES[signal], request);
        const ofKey = (key: string) => (isContent(key) ? KEY.content : KEY.plain);
        const { edits, kept } = editGroups(signal, bytes, { modeOf: () => mode, ofKey });
        const after = rewrite(bytes, edits);
        const checked = checkRequest(signal, after);
        assert.ok(checked.ok && checked.rejected === 0);
        const wanted = expected(decodeAs(REQUEST_NAMES[signal], bytes), ITEM_LISTS[signal], mode);
        assert.deepEqual(decodeAs(REQUEST_NAMES[signal], after), wanted);
        for (let i = 1; i < kept.length; i++) assert.ok(kept[i - 1]!.end < kept[i]!.start);
        assert.equal(kept.length === 0 || mode === 'full', true);
      }),
      RUNS,
    );
  });
}
