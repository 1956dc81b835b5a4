import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  KEEP_NOTHING,
  parseRandomness,
  parseThreshold,
  probabilityOf,
  randomnessAt,
  randomnessText,
  readOt,
  thresholdOf,
  thresholdText,
  weightOf,
  withThreshold,
} from './tracestate.ts';

/** tracestate-probability-sampling.md, the column of precision 4. */
const VECTORS: [probability: number, threshold: string, weight: number][] = [
  [1, '0', 1],
  [1 / 2, '8', 2],
  [1 / 3, 'aaab', 3.00004577706569],
  [1 / 4, 'c', 4],
  [1 / 5, 'cccd', 5.0000762951094835],
  [1 / 8, 'e', 8],
  [1 / 10, 'e666', 9.99938968568813],
  [1 / 16, 'f', 16],
  [1 / 100, 'fd70a', 99.99771123402633],
  [1 / 1000, 'ffbe77', 1000.012874769029],
  [1 / 10000, 'fff9724', 9999.830725674266],
  [1 / 100000, 'ffff583a', 99999.238556461],
  [1 / 1000000, 'ffffef39', 999992.38556461],
];

test('thresholds and weights are those of the table in the specification', () => {
  for (const [probability, text, weight] of VECTORS) {
    assert.equal(thresholdText(thresholdOf(probability)), text);
    assert.ok(Math.abs(weightOf(`ot=th:${text}`) / weight - 1) < 1e-9, text);
  }
});

test('a probability of 0 keeps nothing, one of nearly 0 still some', () => {
  assert.equal(thresholdOf(0), KEEP_NOTHING);
  for (const probability of [2 ** -56, 2 ** -50, 1e-15, 1e-12]) {
    const threshold = thresholdOf(probability);
    assert.ok(threshold < KEEP_NOTHING);
    assert.ok(Math.abs(probabilityOf(threshold) / probability - 1) < 0.02, String(probability));
  }
});

test('thresholds fall as the probability grows, and are read back from their text', () => {
  const probability = fc.double({ min: 2 ** -40, max: 1, noNaN: true });
  fc.assert(
    fc.property(probability, probability, (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      assert.ok(thresholdOf(low) >= thresholdOf(high));
      assert.equal(parseThreshold(thresholdText(thresholdOf(a))), thresholdOf(a));
      assert.ok(Math.abs(probabilityOf(thresholdOf(a)) - a) <= a * 2 ** -8 + 2 ** -17);
    }),
    { seed: 20260901 },
  );
});

test('th is 1 to 14 digits read with zeros behind them, rv exactly 14', () => {
  assert.equal(parseThreshold('c'), 0xc0000000000000n);
  assert.equal(parseThreshold('0'), 0n);
  assert.equal(parseThreshold('1000'), 0x10000000000000n);
  assert.equal(parseThreshold('ABCDEFabcdef12'), 0xabcdefabcdef12n);
  for (const text of ['', '100000000000000', '$', '0x1p+3', '14.5', '-1']) {
    assert.equal(parseThreshold(text), null, text);
  }
  assert.equal(parseRandomness('d29d6a7215ced0'), 0xd29d6a7215ced0n);
  for (const text of ['', '3', '100000000000000', 'g0000000000000']) {
    assert.equal(parseRandomness(text), null, text);
  }
  assert.equal(randomnessText(3n), '00000000000003');
});

test('randomness is the last 7 bytes of the trace id', () => {
  const bytes = Buffer.from('ff0102030405060708090a0b0c0d0e0f10ff', 'hex');
  assert.equal(randomnessAt(bytes, 1), 0x0a0b0c0d0e0f10n);
  assert.equal(randomnessAt(Buffer.alloc(16, 0xff), 0), KEEP_NOTHING - 1n);
});

test('the ot member is read wherever it stands', () => {
  const state = { threshold: 0xc0000000000000n, randomness: 0xd29d6a7215ced0n };
  assert.deepEqual(readOt('ot=th:c;rv:d29d6a7215ced0;pn:abc,zz=vendorcontent'), state);
  assert.deepEqual(readOt('zz=vendorcontent, ot=rv:d29d6a7215ced0;th:c\t,,a=b'), state);
  assert.deepEqual(readOt('ot=x:'), { threshold: null, randomness: null });
  assert.deepEqual(readOt('tenant@ot=th:c,foot=th:c'), { threshold: null, randomness: null });
});

test('an ot member at fault counts as absent', () => {
  const faults = [
    'th:1;',
    'th:1=p:2',
    ':1;p:2',
    ':',
    'th:',
    'th:$',
    'th:100000000000000',
    'th:8;rv:3',
    'th:8;rv:100000000000000',
    'th:8;th:c',
    'X:1;th:8',
    '1:1;th:8',
    `th:8;x:${'_'.repeat(250)}`,
  ];
  for (const fault of faults) {
    assert.deepEqual(readOt(`ot=${fault}`), { threshold: null, randomness: null }, fault);
    assert.equal(weightOf(`ot=${fault},a=b`), 1);
    assert.equal(withThreshold(`a=b,ot=${fault}`, thresholdOf(0.25)), 'ot=th:c,a=b');
  }
});

test('the weight is 1 over the probability, and 1 when nothing is known', () => {
  assert.equal(weightOf(''), 1);
  assert.equal(weightOf('vendor=x'), 1);
  assert.equal(weightOf('ot=rv:d29d6a7215ced0'), 1);
  assert.equal(weightOf('ot=th:0'), 1);
  assert.equal(weightOf('a=b,ot=th:c;rv:d29d6a7215ced0'), 4);
});

test('no span stands for more than a million', () => {
  assert.equal(weightOf('ot=th:ffffef39'), 2 ** 32 / 0x10c7);
  for (const text of ['fffff', 'ffffff', 'ffffffffffffff']) assert.equal(weightOf(`ot=th:${text}`), 1e6);
});

test('setting th moves ot to the front and keeps what else is there, in order', () => {
  const threshold = thresholdOf(0.5);
  assert.equal(withThreshold('', threshold), 'ot=th:8');
  assert.equal(withThreshold('a=1,b=2', threshold), 'ot=th:8,a=1,b=2');
  assert.equal(
    withThreshold(' a=1 , ot=rv:d29d6a7215ced0;th:3;p:8 ,b=2,', threshold),
    'ot=th:8;rv:d29d6a7215ced0;p:8,a=1,b=2',
  );
  assert.equal(withThreshold('ot=th:c,a=1,ot=th:4', 0n), 'ot=th:0,a=1');
});

test('erasing th leaves what else is there', () => {
  assert.equal(withThreshold('', null), '');
  assert.equal(withThreshold('ot=th:c', null), '');
  assert.equal(withThreshold('a=1,ot=th:c,b=2', null), 'a=1,b=2');
  assert.equal(withThreshold('a=1,ot=x:y;th:c;rv:d29d6a7215ced0', null), 'ot=rv:d29d6a7215ced0;x:y,a=1');
  assert.equal(withThreshold('a=1,ot=th:c;th:8', null), 'a=1');
});

test('a tracestate stays within 32 members, 512 characters and 256 of ot', () => {
  const members = Array.from({ length: 40 }, (_, i) => `k${i}=v`);
  assert.deepEqual(withThreshold(members.join(','), 1n << 55n).split(','), [
    'ot=th:8',
    ...members.slice(0, 31),
  ]);
  const long = Array.from({ length: 10 }, (_, i) => `k${i}=${'v'.repeat(80)}`).join(',');
  // 7 characters and six times 84 are 511.
  assert.equal(withThreshold(long, 1n << 55n), ['ot=th:8', ...long.split(',').slice(0, 6)].join(','));
  const full = withThreshold(`ot=x:${'_'.repeat(235)};rv:d29d6a7215ced0`, 0xabcdefabcdefabn);
  assert.equal(full, 'ot=th:abcdefabcdefab;rv:d29d6a7215ced0');
});

test('any text becomes a tracestate that says the threshold, and says it when set again', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('o', 't', '=', ':', ';', ',', 'h') }));
  fc.assert(
    fc.property(text, fc.bigInt({ min: 0n, max: KEEP_NOTHING - 1n }), (tracestate, threshold) => {
      const once = withThreshold(tracestate, threshold);
      assert.equal(readOt(once).threshold, threshold);
      assert.ok(once.startsWith('ot=th:') && once.length <= 512);
      assert.equal(withThreshold(once, threshold), once);
    }),
    { seed: 20260902 },
  );
});
