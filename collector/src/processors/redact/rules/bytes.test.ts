import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TextRange } from '../rule.ts';
import {
  ALNUM,
  contextBefore,
  DIGIT,
  endsWord,
  equalsAnyCaseAt,
  equalsAt,
  isAt,
  isRedactedAt,
  latin1,
  runEnd,
  runEndWithin,
  runStartWithin,
  startsWord,
} from './bytes.ts';

function range(text: string, from = 0): TextRange {
  const bytes = Buffer.from(text);
  return { bytes, from, end: bytes.length };
}

test('words are compared inside the text only', () => {
  const text = range('xxABCxx', 2);
  assert.ok(equalsAt(text, 2, 'ABC'));
  assert.ok(!equalsAt(text, 1, 'xA'));
  assert.ok(!equalsAt(text, 5, 'xxx'));
  assert.ok(!equalsAt(text, 2, 'abc'));
  assert.ok(equalsAnyCaseAt(text, 2, 'abc'));
  assert.ok(!equalsAnyCaseAt(text, 6, 'xx'));
});

test('runs end at the first other byte, at the end or at the bound', () => {
  const text = range('12345a');
  assert.equal(runEnd(text, 0, DIGIT), 5);
  assert.equal(runEnd(text, 0, ALNUM), 6);
  assert.equal(runEndWithin(text, 0, { mask: DIGIT, max: 3 }), 3);
  assert.equal(runStartWithin(text, 5, { mask: DIGIT, max: 3 }), 2);
  assert.equal(runStartWithin(range('12345a', 4), 5, { mask: DIGIT, max: 3 }), 4);
});

test('the letters of an escape do not make a word go on', () => {
  for (const before of ['', ' ', 'a ', '\\n', '\\u003d', '%3D', '%3d', '"', 'é', '-']) {
    const text = range(`${before}X`);
    assert.ok(startsWord(text, text.end - 1), before);
  }
  for (const before of ['a', '1', '_', 'nn', '\\q', 'u003d', '3D', '%ZZ']) {
    const text = range(`${before}X`);
    assert.ok(!startsWord(text, text.end - 1), before);
  }
});

test('a word begins where the last match ended, and ends before no marker', () => {
  assert.ok(startsWord(range('abc', 1), 1));
  assert.ok(endsWord(range('abc '), 3));
  assert.ok(endsWord(range('abc'), 3));
  assert.ok(!endsWord(range('abc[redacted:email]'), 3));
});

test('markers are known, and nothing before one is context', () => {
  assert.ok(isRedactedAt(range('[redacted:jwt]'), 0));
  assert.ok(isRedactedAt(range('REDACTED'), 0));
  assert.ok(!isRedactedAt(range('[redac'), 0));
  assert.equal(contextBefore(range('Phone: 1'), 7, 30), 'phone: ');
  assert.equal(contextBefore(range('phone [redacted:phone] or 1'), 26, 30), ' or ');
  assert.equal(contextBefore(range('phone ?sig=REDACTED 1'), 20, 30), ' ');
  assert.equal(contextBefore(range('0123456789'), 9, 3), '678');
});

test('bytes become characters one by one, within the text', () => {
  assert.equal(latin1(range('é1'), 0, 99), '\u00c3\u00a91');
  assert.equal(latin1(range('abc', 1), 0, 2), 'b');
  assert.equal(latin1(range('abc'), 3, 9), '');
  assert.ok(!isAt(range('abc', 1), 0, ALNUM));
});
