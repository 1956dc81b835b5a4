import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseExact, stringifyExact } from './exact-json.ts';

test('integers above 2^53 keep every digit, others stay numbers', () => {
  assert.deepEqual(parseExact('{"a":9007199254740993,"b":[-9223372036854775808],"c":42,"d":1.5}'), {
    a: 9007199254740993n,
    b: [-9223372036854775808n],
    c: 42,
    d: 1.5,
  });
});

test('long digits inside of strings and long fractions are left as they are', () => {
  const text = '{"t":"a: 9007199254740993","f":0.12345678901234567}';
  assert.deepEqual(parseExact(text), JSON.parse(text));
});

test('what is not JSON throws', () => {
  assert.throws(() => parseExact('<html>'), SyntaxError);
});

test('any 64-bit integer survives reading and writing', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), fc.string(), (value, key) => {
      const text = `{${JSON.stringify(key)}: ${value}}`;
      assert.equal(stringifyExact(parseExact(text), 0), `{${JSON.stringify(key)}:${value}}`);
    }),
  );
});
