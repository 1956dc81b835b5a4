import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LokiName, measureName, measureNested } from './fit-names.ts';
import { labelName } from './testing/loki-model.ts';

const key = fc.array(fc.constantFrom('a', 'B', '7', '_', '__', '.', '\u00e9', '\ud83d\ude00', ' '), {
  maxLength: 6,
});

function measured(path: string[]): number {
  const name: LokiName = { bytes: 0, isOpen: false };
  for (const [depth, part] of path.entries()) {
    const bytes = Buffer.from(part);
    const range = { start: 0, end: bytes.length };
    if (depth === 0) measureName(name, bytes, range);
    else measureNested(name, bytes, range);
  }
  return name.bytes;
}

function exact(path: string[]): number {
  try {
    return path.slice(1).reduce((prefix, part) => labelName(`${prefix}_${part}`), labelName(path[0]!)).length;
  } catch {
    return 0;
  }
}

const text = key.map((parts) => parts.join(''));

test('a name is as long as Loki makes it, and 0 when Loki has none', () => {
  fc.assert(
    fc.property(text, (name) => {
      assert.equal(measured([name]), exact([name]));
    }),
    { numRuns: 2000 },
  );
});

test('so is the name of what is nested, but for up to 5 bytes in each map called __x__', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (path) => {
      fc.pre(exact(path) > 0);
      const spare = path.slice(0, -1).some((part) => /^__.*__$/.test(part)) ? 5 * (path.length - 1) : 0;
      const more = measured(path) - exact(path);
      assert.ok(more >= 0 && more <= spare, `${JSON.stringify(path)}: ${more} more, allowed ${spare}`);
    }),
    { numRuns: 2000 },
  );
});
