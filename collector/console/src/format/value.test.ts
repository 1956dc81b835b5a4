import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributePreview, attributeRows, oneLine, valueText } from './value.ts';

test('attributes are in order, exact, and say what can be filtered by', () => {
  const rows = attributeRows({ b: 9007199254740993n, a: 'x', list: [1n, 2], none: null, yes: true });
  assert.deepEqual(
    rows.map(({ key, text, filterable }) => [key, text, filterable]),
    [
      ['a', 'x', true],
      ['b', '9007199254740993', true],
      ['list', '[\n  1,\n  2\n]', false],
      ['none', '', false],
      ['yes', 'true', true],
    ],
  );
});

test('bytes and numbers that JSON has no word for are named', () => {
  assert.equal(valueText({ $bytes: 'AQI=' }), 'base64:AQI=');
  assert.equal(valueText({ $double: 'NaN' }), 'NaN');
});

test('a body is one line however it was sent', () => {
  assert.equal(oneLine('two\n  lines'), 'two lines');
  assert.equal(oneLine({ code: 7n }), '{"code":7}');
  assert.equal(oneLine('x'.repeat(3000)).length, 2001);
});

test('the glance at attributes leaves stacks and structures out', () => {
  assert.equal(attributePreview({ 'exception.stacktrace': 'at x', status: 200, tags: ['a'] }), 'status=200');
  assert.equal(attributePreview({ exception_stacktrace: 'at x', code_line: '7', login: 'a' }), 'login=a');
});
