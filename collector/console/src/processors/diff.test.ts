import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutParts, type DiffPart, diffTexts } from './diff.ts';

const SIGNS = { same: '', removed: '-', inserted: '+' };
const show = (before: string, after: string) =>
  diffTexts(before, after).map(({ kind, text }) => (kind === 'same' ? text : `<${SIGNS[kind]}${text}>`));
const without = (parts: readonly DiffPart[], kind: DiffPart['kind']) =>
  parts
    .filter((part) => part.kind !== kind)
    .map(({ text }) => text)
    .join('');

test('what was taken out stands beside what took its place', () => {
  assert.deepEqual(show('mail to alice@example.com now', 'mail to [redacted:email] now'), [
    'mail to ',
    '<-alice@example.com>',
    '<+[redacted:email]>',
    ' now',
  ]);
  assert.deepEqual(show('card 4111 1111 1111 1111', 'card [redacted:card]'), [
    'card ',
    '<-4111 1111 1111 1111>',
    '<+[redacted:card]>',
  ]);
});

test('lines that changed in their place are compared each with its own', () => {
  assert.deepEqual(show('{\n "a": "x",\n "b": "y"\n}', '{\n "a": "1",\n "b": "2"\n}'), [
    '{\n "a": "',
    '<-x>',
    '<+1>',
    '",\n "b": "',
    '<-y>',
    '<+2>',
    '"\n}',
  ]);
});

test('equal texts have no differences, and an empty one is all there is', () => {
  assert.deepEqual(show('a\nb', 'a\nb'), ['a\nb']);
  assert.deepEqual(show('', ''), []);
  assert.deepEqual(show('a b', ''), ['<-a b>']);
  assert.deepEqual(show('', 'a\nb'), ['<+a\nb>']);
});

test('both texts can be read from the parts', () => {
  const words = fc.array(
    fc.constantFrom('a', 'b', 'cc', ' ', '\n', '.', '[redacted:email]', 'ä', '\u{1F600}'),
  );
  const text = fc.oneof(
    words.map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, text, (before, after) => {
      const parts = diffTexts(before, after);
      assert.equal(without(parts, 'inserted'), before);
      assert.equal(without(parts, 'removed'), after);
    }),
    { numRuns: 500 },
  );
});

test('a mebibyte that changed in thousands of places is compared in moments, by lines', () => {
  const line = (index: number, value: string) => `${index} the same words around ${value} in each line\n`;
  const lines = (value: (index: number) => string) =>
    Array.from({ length: 20_000 }, (_, index) => line(index, value(index))).join('');
  const before = lines((index) => `user${index}@example.com`);
  const after = lines(() => '[redacted:email]');
  const startedMs = performance.now();
  const parts = diffTexts(before, after);
  assert.ok(performance.now() - startedMs < 5000);
  assert.equal(parts.filter(({ kind }) => kind === 'inserted').length, 20_000);
  assert.equal(without(parts, 'inserted'), before);
});

test('a text whose end was cut off is still compared by lines', () => {
  const lines = (count: number, value: string) => `the words around ${value} in each line\n`.repeat(count);
  const before = lines(3000, 'a@example.com');
  const parts = diffTexts(before, `${lines(1500, '[redacted:email]')}…[cut]`);
  assert.deepEqual(
    parts.slice(0, 4).map(({ text }) => text),
    ['the words around ', 'a@example.com', '[redacted:email]', ' in each line\nthe words around '],
  );
  assert.equal(without(parts, 'inserted'), before);
});

test('texts without anything in common end soon too', () => {
  const startedMs = performance.now();
  const before = Array.from({ length: 100_000 }, (_, index) => `a${index}`).join(' ');
  const after = Array.from({ length: 100_001 }, (_, index) => `b${index}`).join('\t');
  assert.equal(without(diffTexts(before, after), 'removed'), after);
  assert.ok(performance.now() - startedMs < 5000);
});

test('what is too long to be shown is cut, and said by how much', () => {
  const parts: DiffPart[] = [
    { kind: 'same', text: 'abc' },
    { kind: 'removed', text: 'def' },
    { kind: 'inserted', text: 'ghi' },
  ];
  assert.deepEqual(cutParts(parts, 4), {
    parts: [
      { kind: 'same', text: 'abc' },
      { kind: 'removed', text: 'd' },
    ],
    leftOut: 5,
  });
  assert.deepEqual(cutParts(parts, 9), { parts, leftOut: 0 });
});
