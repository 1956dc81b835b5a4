import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pairs } from './alert.ts';
import { boundText } from './bound-text.ts';
import { notice } from './testing/notices.ts';

const bound = (annotations: Pairs) => boundText({ ...notice('firing'), annotations });
const many = (count: number, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`name_${i}`, value]));

test('what is short stays as it is', () => {
  const full = { a: 'x'.repeat(4096), '': '', __proto__x: 'y' };
  const { annotations, isCut } = bound(full);
  assert.deepEqual(annotations, full);
  assert.equal(isCut, false);
});

test('a long value is cut with a mark that says how long it was', () => {
  const { annotations, isCut } = bound({ a: 'x'.repeat(5000), b: 'short' });
  assert.equal(annotations.a, `${'x'.repeat(4096)}… (cut, 5000 characters)`);
  assert.equal(annotations.b, 'short');
  assert.equal(isCut, true);
});

test('a cut through a character of two units leaves no half of it', () => {
  const { annotations } = bound({ a: `${'x'.repeat(4095)}😀😀` });
  assert.ok(annotations.a?.isWellFormed());
});

test('pairs beyond 64, beyond 32,768 characters, or with an endless name are left out', () => {
  const tooMany = bound(many(70, 'v'));
  assert.deepEqual([Object.keys(tooMany.annotations).length, tooMany.isCut], [64, true]);
  const tooMuch = bound(many(20, 'v'.repeat(4000)));
  assert.deepEqual([Object.keys(tooMuch.annotations).length, tooMuch.isCut], [8, true]);
  const longName = bound({ ['n'.repeat(257)]: 'v', kept: 'v' });
  assert.deepEqual([longName.annotations, longName.isCut], [{ kept: 'v' }, true]);
});

test('labels and the address of the rule are bounded as well', () => {
  const { generatorUrl, isCut, labels } = boundText({
    ...notice('firing'),
    labels: many(100, 'v'),
    generatorUrl: `http://x/${'y'.repeat(9000)}`,
  });
  assert.equal(Object.keys(labels).length, 64);
  assert.match(generatorUrl, /… \(cut, 9009 characters\)$/);
  assert.equal(isCut, true);
});
