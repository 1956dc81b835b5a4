import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { rewrite } from '#otlp/rewrite.ts';
import { message } from '#otlp/testing/arbitrary.ts';
import { decodeAs, encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { type EnrichConfig, enrichMistakes, enrichSchema } from './config.ts';
import { createEnrich } from './enrich.ts';

const ajv = new Ajv({ useDefaults: true, strict: false });
const GROUPS: Record<Signal, string> = {
  traces: 'resourceSpans',
  metrics: 'resourceMetrics',
  logs: 'resourceLogs',
};
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

function section(attributes: string[] = [], unknownService = true): EnrichConfig {
  const config = { attributes, unknown_service: unknownService };
  assert.ok(ajv.validate(enrichSchema, config), ajv.errorsText());
  return config;
}

function run(signal: Signal, bytes: Uint8Array, config: EnrichConfig) {
  const enrich = createEnrich(config);
  const { edits, inserted } = enrich.edits(bytes);
  const after = rewrite(bytes, edits);
  const checked = checkRequest(signal, after);
  assert.ok(checked.ok && checked.rejected === 0);
  assert.deepEqual(enrich.edits(after), { edits: [], inserted: 0 });
  return { inserted, edits, groups: decodeAs(REQUEST_NAMES[signal], after)[GROUPS[signal]] as Plain[] };
}

const traces = (groups: Plain[]) => encodeAs('ExportTraceServiceRequest', { resourceSpans: groups });
const attributesOf = (group: Plain) =>
  ((group.resource as Plain | null)?.attributes as Plain[] | undefined)?.map(
    ({ key, value }) => `${key}=${(value as Plain | null)?.stringValue}`,
  );

test('attributes that a resource lacks are put in front, what it has stays', () => {
  const config = section(['deployment.environment.name=prod', 'team=payments, %2C%20eu']);
  const resource = { attributes: [text('service.name', 'pay'), text('team', '')], droppedAttributesCount: 2 };
  const { groups, inserted } = run('traces', traces([{ resource, schemaUrl: 'x' }]), config);
  assert.deepEqual(attributesOf(groups[0]!), [
    'deployment.environment.name=prod',
    'service.name=pay',
    'team=',
  ]);
  assert.equal((groups[0]!.resource as Plain).droppedAttributesCount, 2);
  assert.equal(inserted, 1);
});

test('a group without a resource, or with an empty one, gets one', () => {
  const groups = [
    { scopeSpans: [{}] },
    { resource: {}, scopeSpans: [{}] },
    { scopeSpans: [{}], schemaUrl: 's' },
  ];
  const { groups: after, inserted } = run('traces', traces(groups), section(['a=b']));
  for (const group of after) assert.deepEqual(attributesOf(group), ['a=b', 'service.name=unknown_service']);
  assert.equal(inserted, 6);
});

test('a service.name that says nothing makes way, one that says something stays', () => {
  const name = (value: Plain | undefined) => ({
    key: 'service.name',
    ...(value === undefined ? {} : { value }),
  });
  const nothing = [undefined, {}, { stringValue: '' }];
  for (const value of nothing) {
    const resource = { attributes: [text('a', 'b'), name(value)] };
    const { groups } = run('traces', traces([{ resource }]), section());
    assert.deepEqual(attributesOf(groups[0]!), ['a=b', 'service.name=unknown_service']);
  }
  for (const value of [{ stringValue: 'x' }, { intValue: '0' }, { arrayValue: {} }]) {
    assert.deepEqual(
      run('traces', traces([{ resource: { attributes: [name(value)] } }]), section()).edits,
      [],
    );
  }
  const two = { attributes: [text('service.name', ''), text('service.name', 'pay')] };
  assert.deepEqual(run('traces', traces([{ resource: two }]), section()).edits, []);
});

test('the name of the service can be set for those without one, and can be left open', () => {
  const bytes = traces([{ resource: { attributes: [text('a', 'b')] } }]);
  const { groups } = run('traces', bytes, section(['service.name=edge']));
  assert.deepEqual(attributesOf(groups[0]!), ['service.name=edge', 'a=b']);
  assert.deepEqual(run('traces', bytes, section([], false)).edits, []);
});

test('nothing is inserted into an empty request or group', () => {
  assert.deepEqual(createEnrich(section()).edits(new Uint8Array(0)), { edits: [], inserted: 0 });
  assert.deepEqual(createEnrich(section()).edits(Uint8Array.of(0x0a, 0)), { edits: [], inserted: 0 });
});

test('random requests of every signal get what a naive model says, and nothing else changes', () => {
  const config = section(['a=1', 'new=2']);
  for (const signal of SIGNALS) {
    fc.assert(
      fc.property(message(REQUEST_NAMES[signal]), (plain) => {
        const bytes = encodeAs(REQUEST_NAMES[signal], plain);
        const before = decodeAs(REQUEST_NAMES[signal], bytes)[GROUPS[signal]] as Plain[];
        const { groups, inserted } = run(signal, bytes, config);
        let expected = 0;
        for (const [index, group] of before.entries()) {
          const { resource, ...rest } = group;
          const { resource: after, ...restAfter } = groups[index]!;
          assert.deepEqual(restAfter, rest);
          const keys = (((resource as Plain | null)?.attributes ?? []) as Plain[])
            .filter(hasValue)
            .map(({ key }) => key);
          const missing = ['a', 'new', 'service.name'].filter((key) => !keys.includes(key));
          const isEmpty = encodeAs(REQUEST_NAMES[signal], { [GROUPS[signal]]: [group] }).length === 2;
          if (isEmpty) continue;
          expected += missing.length;
          const found = ((after as Plain).attributes as Plain[]).map(({ key }) => key);
          for (const key of ['a', 'new', 'service.name']) assert.ok(found.includes(key));
        }
        assert.equal(inserted, expected);
      }),
      { numRuns: 60, seed: 3 },
    );
  }
});

/** A service.name without a value, or with an empty text, counts as none. */
function hasValue({ key, value }: Plain): boolean {
  if (key !== 'service.name') return true;
  const [kind] = Object.keys((value ?? {}) as Plain);
  return kind !== undefined && (value as Plain)[kind] !== '';
}

test('mistakes say which entry and what it has to be', () => {
  const mistakes = enrichMistakes(section(['ok=1', '=x', 'novalue', 'a=%zz', 'ok=2', 'b=']));
  assert.deepEqual(
    mistakes.map(({ path }) => path),
    [1, 2, 3, 4, 5].map((index) => `enrich.attributes.${index}`),
  );
  assert.match(mistakes[1]!.message, /must be `key=value`.*got "novalue"/);
  assert.equal(mistakes[3]!.message, 'sets ok, as enrich.attributes.0 does');
  assert.throws(() => createEnrich(section(['novalue'])), /enrich\.attributes\.0 must be/);
});
