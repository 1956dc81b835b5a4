import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALNUM, DIGIT, DOT, HEX, URL64 } from './bytes.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';
import { createTokenRule } from './token-matcher.ts';

const rule = createTokenRule({
  name: 'test-token',
  title: 'Test',
  prefixed: [
    { prefix: 'ex_', alphabet: ALNUM, min: 12, max: 12 },
    { prefix: 'ex_long_', alphabet: HEX, min: 16 },
    { prefix: 'open-', alphabet: URL64 | DOT, min: 12 },
    { prefix: 'shaped-', alphabet: URL64, min: 8, shape: /^\d/ },
    { prefix: 'https://x.test/hook/', alphabet: ALNUM, min: 8, keepsPrefix: true },
  ],
  numbered: [
    { digits: { min: 8, max: 10 }, infix: ':ID', after: { mask: ALNUM, min: 8, max: 8 } },
    { lead: /(?<!\w)1\/$/, digits: { min: 12, max: 12 }, infix: ':', after: { mask: HEX, min: 16, max: 16 } },
  ],
  worded: [{ word: 'acme', shape: /^.{4}[a-z :="]{1,20}?\b(?<token>[\da-f]{16})/i }],
  infixed: [
    { infix: ':ZZ', before: { mask: DIGIT, min: 4, max: 6 }, after: { mask: ALNUM, min: 8, max: 8 } },
  ],
});
const fixed = `ex_${filler(12)}`;
const hex = `ex_long_${filler(20, 'hex')}`;
const open = `open-${filler(400)}`;

test('anchors that begin with another anchor are left out', () => {
  assert.deepEqual(
    rule.anchors.map((anchor) => (typeof anchor === 'string' ? anchor : anchor.text)),
    ['ex_', 'open-', 'shaped-', 'https://x.test/hook/', ':ZZ', 'acme', 'digits'],
  );
});

test('a token is found whole, wherever a word may begin and end', () => {
  finds(rule, [
    `⟦${fixed}⟧`,
    `key=⟦${fixed}⟧&x`,
    `"⟦${fixed}⟧"`,
    `line\\n⟦${fixed}⟧\\n`,
    `%3D⟦${fixed}⟧`,
    `⟦${hex}⟧, ⟦${fixed}⟧`,
    `say ⟦${open}⟧.`,
    `é⟦${fixed}⟧é`,
    `⟦shaped-1${filler(8)}⟧`,
    `https://x.test/hook/⟦${filler(9)}⟧?`,
    `⟦1234:ZZ${filler(8)}⟧ ⟦123456:ZZ${filler(8)}⟧`,
  ]);
});

test('what is too short, too long, in a word, of another shape or made of few characters stays', () => {
  leaves(rule, [
    `ex_${filler(11)}`,
    `ex_${filler(13)}`,
    `a${fixed}`,
    `_${fixed}`,
    `${fixed}_`,
    'ex_aaaaaaaaaaaa',
    'open-your-key-goes-here',
    `shaped-a${filler(8)}`,
    `123:ZZ${filler(8)} 1234567:ZZ${filler(8)} 1234:ZZ${filler(9)}`,
    'ex_ ex_long_ open- shaped-',
  ]);
});

test('a token that opens with a number is found wherever the number begins', () => {
  finds(rule, [
    `⟦12345678:ID${filler(8)}⟧`,
    `/bot⟦1234567890:ID${filler(8)}⟧/x`,
    `pat ⟦1/123456789012:${filler(16, 'hex')}⟧,`,
  ]);
  leaves(rule, [
    `1234567:ID${filler(8)}`,
    `12345678901:ID${filler(8)}`,
    `12345678:ID${filler(9)}`,
    `123456789012:${filler(16, 'hex')}`,
    `x1/123456789012:${filler(16, 'hex')}`,
    `1/123456789012:${filler(17, 'hex')}`,
  ]);
});

test('a token of a common form is found behind its word only', () => {
  finds(rule, [`Acme key: ⟦${filler(16, 'hex')}⟧.`, `acme="⟦${filler(16, 'hex')}⟧"`]);
  leaves(rule, [
    `pacme key ${filler(16, 'hex')}`,
    `acme key 1 ${filler(16, 'hex')}`,
    `acme key ${filler(17, 'hex')}`,
    `key ${filler(16, 'hex')}`,
  ]);
});
