import assert from 'node:assert/strict';
import type { Rule } from '../../rule.ts';
import { applyRules } from './apply-rules.ts';

/** A text in which `⟦…⟧` marks what must go. */
export type Case = string;

const MARKED = /⟦([^⟧]*)⟧/g;

/** Each text loses exactly what is marked with `⟦…⟧`, and nothing more the second time. */
export function finds(rule: Rule, cases: readonly Case[]): void {
  const marker = rule.name === 'signed-url' ? 'REDACTED' : `[redacted:${rule.name}]`;
  for (const marked of cases) {
    const once = applyRules(marked.replace(MARKED, '$1'), [rule]);
    assert.equal(once, marked.replace(MARKED, marker));
    assert.equal(applyRules(once, [rule]), once, 'the second time');
  }
}

/** The texts stay as they are. */
export function leaves(rule: Rule, texts: readonly string[]): void {
  for (const text of texts) assert.equal(applyRules(text, [rule]), text);
}

const SAMPLES = {
  alnum: 'a7Kd0PqZx3Vb9Rt5Lm2Yc8Nw4Hs6Fj1G',
  upper: 'Q7KD2PXZ3VB6RT5LM4YC',
  lower: 'a7kd0pqzx3vb9rt5lm2yc8nw4hs6fj1g',
  hex: '3f9a0c71be58d246',
} as const;

/** `count` characters that look random, of one alphabet; no scanner of secrets takes the source for a leak. */
export function filler(count: number, alphabet: keyof typeof SAMPLES = 'alnum'): string {
  const sample = SAMPLES[alphabet];
  return sample.repeat(Math.ceil(count / sample.length)).slice(0, count);
}

/** `unit` again and again, to `bytes` in all. */
export function flood(unit: string, bytes = 1 << 18): string {
  return unit.repeat(Math.ceil(bytes / unit.length)).slice(0, bytes);
}
