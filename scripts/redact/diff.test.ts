import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Difference, diffRequests } from './diff.ts';

function differences(before: unknown, after: unknown): string[] {
  const found: Difference[] = [];
  diffRequests(before, after, (difference) => found.push(difference));
  return found.map(({ after: to, before: from, kind, path }) => `${kind} ${path}: ${from} > ${to}`);
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

test('what is the same has no differences', () => {
  const request = { resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: [text('a', 'b')] }] }] }] };
  assert.deepEqual(differences(request, structuredClone(request)), []);
  assert.deepEqual(differences({}, {}), []);
});

test('attributes go by their key, also when one before them is gone or comes twice', () => {
  const before = { attributes: [text('gone', 'x'), text('a"b', 'old'), text('two', '1'), text('two', '2')] };
  const after = { attributes: [text('a"b', 'new'), text('two', '1'), text('two', '3'), text('more', 'y')] };
  assert.deepEqual(differences(before, after), [
    'removed attributes["gone"]: x > ',
    'changed attributes["a\\"b"]: old > new',
    'changed attributes["two"]#2: 2 > 3',
    'inserted attributes["more"]:  > y',
  ]);
});

test('values are shown without their types, and a change of the type alone is one', () => {
  assert.deepEqual(differences({ body: { intValue: '5' } }, { body: { stringValue: '5' } }), [
    'changed body: 5 > 5',
  ]);
  assert.deepEqual(differences({ body: {} }, { body: { stringValue: 'x' } }), ['changed body: {} > x']);
  assert.deepEqual(differences({ body: { kvlistValue: {} } }, { body: { stringValue: '[x]' } }), [
    'changed body: {"kvlistValue":{}} > [x]',
  ]);
});

test('values within values have paths of their own', () => {
  const body = (secret: string) => ({
    body: {
      kvlistValue: {
        values: [{ key: 'k', value: { arrayValue: { values: [{}, { stringValue: secret }] } } }],
      },
    },
  });
  assert.deepEqual(differences(body('x'), body('y')), ['changed body["k"][1]: x > y']);
});

test('what is missing at the end of a list is one difference, what is new is one each', () => {
  const events = (count: number) => ({
    events: Array.from({ length: count }, (_, index) => ({ name: `e${index}` })),
  });
  assert.deepEqual(differences(events(4), events(1)), [
    'removed events[1..3]: {"name":"e1"}, {"name":"e2"}, {"name":"e3"} > ',
  ]);
  assert.deepEqual(differences(events(2), events(1)), ['removed events[1]: {"name":"e1"} > ']);
  assert.deepEqual(differences(events(0), events(1)), ['inserted events[0]:  > {"name":"e0"}']);
});
