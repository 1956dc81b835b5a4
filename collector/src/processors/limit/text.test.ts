import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isUtf8Range } from '#otlp/utf8.ts';
import { cutText } from './text.ts';

const all = (bytes: Uint8Array) => ({ start: 0, end: bytes.length });

test('a text is cut between characters and says how long it was', () => {
  const bytes = Buffer.from(`pad${'\u{1f600}'.repeat(100)}`);
  const cut = cutText(bytes, { start: 3, end: bytes.length }, 50);
  assert.equal(Buffer.from(cut!).toString(), `${'\u{1f600}'.repeat(7)}…[cut: 400 bytes]`);
  assert.equal(cutText(bytes, all(bytes), 403), null);
});

test('what is cut is no longer than allowed, stays UTF-8, begins as before and is not cut again', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer({ min: 4, max: 200 }),
      (text, most) => {
        const bytes = Buffer.from(text);
        const cut = cutText(bytes, all(bytes), most);
        if (cut === null) return bytes.length <= most;
        const shown = Buffer.from(cut).toString().split('…[cut: ')[0]!;
        return (
          cut.length <= most &&
          isUtf8Range(cut, 0, cut.length) &&
          bytes.toString().startsWith(shown) &&
          cutText(cut, all(cut), most) === null
        );
      },
    ),
    { numRuns: 500, seed: 1 },
  );
});

test('bytes that are no UTF-8 are cut too', () => {
  const bytes = new Uint8Array(500).fill(0x80);
  assert.equal(cutText(bytes, all(bytes), 100)!.length, 100);
});
