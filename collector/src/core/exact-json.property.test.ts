import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rawJson, stringifyExact } from './exact-json.ts';

test('without raw parts the text is that of JSON.stringify', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => assert.equal(stringifyExact(value), JSON.stringify(value))),
  );
});

test('raw parts go through digit by digit, wherever they are', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (integer) => {
      const raw = rawJson(`{"n":${integer}}`);
      assert.equal(
        stringifyExact({ a: [raw, 1], b: raw }),
        `{"a":[{"n":${integer}},1],"b":{"n":${integer}}}`,
      );
    }),
  );
});

test('members that are undefined are left out, as JSON.stringify does', () => {
  assert.equal(stringifyExact({ a: undefined, b: null, c: 'x"y' }), '{"b":null,"c":"x\\"y"}');
});
