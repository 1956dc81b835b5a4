import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadKeys, loadNegatives, loadPositives } from './load-corpus.ts';

const COMMON = 40;
const OTHER = 25;
const LEAST: Record<string, number> = {
  'ai-key': COMMON,
  'bearer-basic': OTHER,
  card: COMMON,
  'chat-token': OTHER,
  'cloud-key': COMMON,
  'connection-string': COMMON,
  'credential-text': COMMON,
  email: COMMON,
  iban: OTHER,
  ip: OTHER,
  jwt: OTHER,
  'national-id': OTHER,
  'payment-key': OTHER,
  pem: OTHER,
  phone: COMMON,
  'service-token': COMMON,
  'signed-url': OTHER,
  'url-userinfo': OTHER,
  'vcs-token': COMMON,
};
const LEAST_KEYS = { credential: 60, personal: 25, user_id: 8, plain: 60 };

const positives = loadPositives();
const negatives = loadNegatives();
const secrets = positives.flatMap(({ category, secrets }) =>
  secrets.map(({ value }) => ({ category, value })),
);

test('every category has enough texts, and no file is of an unknown category', () => {
  const counts = new Map<string, number>();
  for (const { category } of positives) counts.set(category, (counts.get(category) ?? 0) + 1);
  assert.deepEqual([...counts.keys()].sort(), Object.keys(LEAST).sort());
  for (const [category, least] of Object.entries(LEAST)) {
    const count = counts.get(category) ?? 0;
    assert.ok(count >= least, `${category}: ${count} of ${least}`);
  }
});

test('there are enough negatives and keys of each kind', () => {
  assert.ok(loadNegatives('without').length >= 400);
  assert.ok(negatives.length > loadNegatives('without').length);
  const keys = loadKeys();
  for (const [kind, least] of Object.entries(LEAST_KEYS)) {
    const count = keys.filter((key) => key.kind === kind).length;
    assert.ok(count >= least, `${kind}: ${count} of ${least}`);
  }
});

test('no text and no key stands twice', () => {
  for (const texts of [
    [...positives.map(({ text }) => text), ...negatives],
    loadKeys().map(({ key }) => key),
  ]) {
    const twice = texts.filter((text, index) => texts.indexOf(text) !== index);
    assert.deepEqual(twice, []);
  }
});

test('no marker and no breaker is left in a text', () => {
  for (const text of [
    ...positives.map(({ text }) => text),
    ...negatives,
    ...loadKeys().map(({ key }) => key),
  ]) {
    assert.doesNotMatch(text, /[⟦⟧·]/u);
  }
});

test('the offsets of a secret point to its value', () => {
  for (const { text, secrets } of positives) {
    for (const { start, end, value } of secrets) assert.equal(text.slice(start, end), value);
  }
});

test('each card passes the Luhn check', () => {
  const cards = secrets.filter(({ category }) => category === 'card');
  for (const { value } of cards) assert.ok(passesLuhn(value.replace(/\D/g, '')), value);
});

test('each IBAN passes the mod 97 check', () => {
  const ibans = secrets.filter(({ category }) => category === 'iban');
  for (const { value } of ibans) assert.equal(remainderOfIban(value.replace(/[^0-9a-z]/gi, '')), 1, value);
});

test('no negative holds a secret of the positives', () => {
  for (const { category, value } of secrets) {
    const holder = negatives.find((text) => text.includes(value));
    assert.equal(holder, undefined, `${category}: ${value}`);
  }
});

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits.length >= 12 && sum % 10 === 0;
}

function remainderOfIban(iban: string): number {
  const digits = [...(iban.slice(4) + iban.slice(0, 4))].map((character) => Number.parseInt(character, 36));
  return Number(BigInt(digits.join('')) % 97n);
}
