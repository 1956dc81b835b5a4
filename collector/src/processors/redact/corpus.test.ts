import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { loadNegatives, loadPositives } from './corpus/load-corpus.ts';
import { createFinder } from './finder.ts';
import type { Rule } from './rule.ts';
import { DEFAULT_OFF, RULES } from './rules/index.ts';

/** Of a hundred marked secrets of each category, how many must be found. */
const RECALL_FLOORS: Record<string, number> = {
  'ai-key': 100,
  'bearer-basic': 100,
  card: 100,
  'chat-token': 100,
  'cloud-key': 100,
  'connection-string': 100,
  'credential-text': 100,
  email: 100,
  iban: 100,
  ip: 100,
  jwt: 100,
  'national-id': 97,
  'payment-key': 100,
  pem: 100,
  phone: 97,
  'service-token': 100,
  'signed-url': 100,
  'url-userinfo': 100,
  'vcs-token': 100,
};
const MAX_NEGATIVES_HIT = 0;

interface Range {
  start: number;
  end: number;
}

const on = RULES.filter(({ name }) => !DEFAULT_OFF.includes(name));

/** All that is found in `text`, counted in UTF-16 units as the corpus counts. */
function findAll(text: string, rules: readonly Rule[] = on): Range[] {
  const bytes = Buffer.from(text);
  const finder = createFinder(rules, () => {});
  const range = { bytes, from: 0, end: bytes.length };
  const found = { start: 0, end: 0 };
  const ranges: Range[] = [];
  while (finder.next(range, range.from, found) >= 0) {
    ranges.push({
      start: bytes.toString('utf8', 0, found.start).length,
      end: bytes.toString('utf8', 0, found.end).length,
    });
    range.from = found.end;
  }
  return ranges;
}

/** What the rules make of one category: secrets that are there and found, and what is none and found all the same. */
interface Score {
  secrets: number;
  found: number;
  extra: number;
  missed: string[];
}

function score(category: string): Score {
  const total: Score = { secrets: 0, found: 0, extra: 0, missed: [] };
  for (const { secrets, text } of loadPositives().filter((positive) => positive.category === category)) {
    const ranges = findAll(text, DEFAULT_OFF.includes(category) ? RULES : on);
    total.secrets += secrets.length;
    for (const secret of secrets) {
      if (ranges.some(({ start, end }) => start <= secret.start && end >= secret.end)) total.found++;
      else total.missed.push(text);
    }
    total.extra += ranges.filter(
      ({ start, end }) => !secrets.some((secret) => secret.start < end && start < secret.end),
    ).length;
  }
  return total;
}

function percent(part: number, whole: number): number {
  return Math.floor((100 * part) / whole);
}

test('of each category as many secrets are found as before, and little else', (context: TestContext) => {
  const categories = [...new Set(loadPositives().map(({ category }) => category))];
  assert.deepEqual(categories, Object.keys(RECALL_FLOORS));
  for (const category of categories) {
    const { extra, found, missed, secrets } = score(category);
    const recall = percent(found, secrets);
    const precision = percent(found, found + extra);
    context.diagnostic(`${category}: recall ${found}/${secrets} (${recall} %), precision ${precision} %`);
    assert.ok(recall >= RECALL_FLOORS[category]!, `${category} misses:\n${missed.join('\n')}`);
  }
});

test('texts without a secret stay as they are', (context: TestContext) => {
  const texts = loadNegatives();
  const hit = texts.filter((text) => findAll(text).length > 0);
  context.diagnostic(`negatives hit: ${hit.length} of ${texts.length}`);
  assert.ok(hit.length <= MAX_NEGATIVES_HIT, hit.join('\n'));
});
