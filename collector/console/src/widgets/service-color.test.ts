import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SERIES_COLORS } from './chart-series.ts';
import { type ColorMemory, createServiceColors } from './service-color.ts';

function memoryOf(kept: string | null = null): ColorMemory & { kept: string | null } {
  return {
    kept,
    read() {
      return this.kept;
    },
    write(text) {
      this.kept = text;
    },
  };
}

const NAMES = ['shop', 'inventory', 'worker', 'queue', 'payment', 'assistant', 'model', 'signalbox'];

test('as long as there are colours no two services share one', () => {
  const colorOf = createServiceColors(memoryOf());
  assert.equal(new Set(NAMES.map(colorOf)).size, SERIES_COLORS);
  assert.ok(colorOf('one more') < SERIES_COLORS);
});

test('a service keeps its colour over visits, whatever comes first', () => {
  const memory = memoryOf();
  const first = NAMES.map(createServiceColors(memory));
  const again = createServiceColors(memory);
  assert.deepEqual(NAMES.toReversed().map(again).toReversed(), first);
});

test('a damaged memory is forgotten', () => {
  for (const kept of ['{', '{"a":1}', '[["shop",99],7]']) {
    assert.ok(createServiceColors(memoryOf(kept))('shop') < SERIES_COLORS);
  }
});
