import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNALS } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { message } from '#otlp/testing/arbitrary.ts';
import { decodeAs, encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { limitConfig, limited } from './testing/limited.ts';

const MAX_UINT32 = 2 ** 32 - 1;
const PROTECTED = 'service.name';
const MOST: Record<string, number> = {
  attributes: 1,
  filteredAttributes: 1,
  metadata: 1,
  events: 2,
  links: 1,
  exemplars: 1,
  entityRefs: 2,
};
const DROPPED: Record<string, string> = {
  attributes: 'droppedAttributesCount',
  events: 'droppedEventsCount',
  links: 'droppedLinksCount',
};

function kept(name: string, list: Plain[], isResource: boolean): Plain[] {
  let others = 0;
  let isMet = false;
  return list.filter(({ key }) => {
    const isFirstName = isResource && name === 'attributes' && key === PROTECTED && !isMet;
    if (isFirstName) isMet = true;
    return isFirstName || ++others <= MOST[name]!;
  });
}

/** What the limits on members leave of a decoded message. */
function model(value: unknown, isResource = false): unknown {
  if (Array.isArray(value)) return value.map((each) => model(each));
  if (value === null || typeof value !== 'object') return value;
  const plain = { ...(value as Plain) };
  for (const [name, list] of Object.entries(plain)) {
    if (!(name in MOST) || !Array.isArray(list)) continue;
    const after = kept(name, list as Plain[], isResource);
    const dropped = DROPPED[name];
    if (dropped !== undefined && dropped in plain) {
      plain[dropped] = Math.min((plain[dropped] as number) + list.length - after.length, MAX_UINT32);
    }
    plain[name] = after;
  }
  return Object.fromEntries(
    Object.entries(plain).map(([name, each]) => [name, model(each, name === 'resource' || name === 'scope')]),
  );
}

test('random requests lose what a naive model takes away, and nothing the second time', () => {
  const config = limitConfig({
    max_attributes: 1,
    max_events: 2,
    max_links: 1,
    max_exemplars: 1,
    max_entity_refs: 2,
    max_future_days: 0,
    max_past_days: 0,
  });
  for (const signal of SIGNALS) {
    const name = REQUEST_NAMES[signal];
    fc.assert(
      fc.property(message(name), (plain) => {
        const bytes = encodeAs(name, plain);
        const first = limited(signal, bytes, config);
        assert.deepEqual(decodeAs(name, first.bytes), model(decodeAs(name, bytes)));
        assert.equal(limited(signal, first.bytes, config).changes, 0);
      }),
      { numRuns: 120, seed: 20 },
    );
  }
});

test('with all limits as low as they go, random requests stay valid and are done after one run', () => {
  const config = limitConfig({
    max_attributes: 1,
    max_value_bytes: 256,
    max_attributes_bytes: 4096,
    max_resource_bytes: 4096,
    max_events: 0,
    max_links: 0,
    max_exemplars: 0,
    max_entity_refs: 0,
    max_depth: 1,
    max_list_values: 1,
  });
  for (const signal of SIGNALS) {
    const name = REQUEST_NAMES[signal];
    fc.assert(
      fc.property(message(name), (plain) => {
        const bytes = encodeAs(name, plain);
        const first = limited(signal, bytes, config);
        const checked = checkRequest(signal, first.bytes);
        assert.ok(checked.ok && checked.rejected === 0);
        assert.equal(limited(signal, first.bytes, config).changes, 0);
      }),
      { numRuns: 120, seed: 21 },
    );
  }
});
