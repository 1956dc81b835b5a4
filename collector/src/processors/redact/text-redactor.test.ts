import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCustomRules, patternMistake } from './custom-rules.ts';
import { createFinder } from './finder.ts';
import { markerOf } from './marker.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules/index.ts';
import { createTextRedactor, type TextRedactorDeps } from './text-redactor.ts';
import { createTimeBudget } from './time-budget.ts';

function redactorWith(deps: Partial<TextRedactorDeps> = {}) {
  const hits: string[] = [];
  const redactor = createTextRedactor({
    rules: RULES.filter(({ name }) => name !== 'ip'),
    custom: [],
    isAllowed: () => false,
    replace: markerOf,
    onHit: (rule) => hits.push(rule),
    onWork: () => {},
    ...deps,
  });
  return {
    hits,
    redact(text: string): string {
      const bytes = Buffer.from(text);
      const redacted = redactor.redact(bytes, 0, bytes.length);
      return redacted === null ? text : Buffer.from(redacted).toString();
    },
    isSpot: (text: string) => redactor.scan.isSpot(Buffer.from(text), 0, Buffer.byteLength(text)),
    sawHigh: () => redactor.scan.sawHigh,
  };
}

/** Finds the letter x. */
const letter: Rule = {
  name: 'letter',
  title: 'The letter x',
  anchors: [{ text: 'x' }],
  find(_text, anchorAt, found) {
    found.start = anchorAt;
    found.end = anchorAt + 1;
    return true;
  },
};

test('every match is replaced, the rest stays, and the marker is found by nothing', () => {
  const { hits, redact } = redactorWith();
  const once = redact('écrire à jane@mail.example.org ou joe@mail.example.org, merci');
  assert.equal(once, 'écrire à [redacted:email] ou [redacted:email], merci');
  assert.deepEqual(hits, ['email', 'email']);
  assert.equal(redact(once), once);
  assert.equal(hits.length, 2);
});

test('a rule that throws closes: the whole text goes, and nothing of it is in what is counted', () => {
  const broken: Rule = {
    ...letter,
    find() {
      throw new Error('a bug');
    },
  };
  const { hits, isSpot, redact } = redactorWith({ rules: [broken] });
  assert.equal(redact('it has an x in it'), '[redacted:rule-failed]');
  assert.deepEqual(hits, ['rule-failed']);
  assert.ok(isSpot('it has an x in it'));
});

test('a rule that finds what is not there closes too', () => {
  for (const [start, end] of [
    [5, 5],
    [9, 3],
    [0, 1],
  ] as const) {
    const wrong: Rule = {
      ...letter,
      find(text, anchorAt, found) {
        found.start = text.from === 0 ? anchorAt : start;
        found.end = text.from === 0 ? anchorAt + 1 : end;
        return true;
      },
    };
    assert.equal(redactorWith({ rules: [wrong] }).redact('abxcdxefxyz'), '[redacted:rule-failed]');
  }
});

test('a text that takes too long to look through goes as a whole, and so does what follows in its request', () => {
  let now = 0;
  const budget = createTimeBudget(100, () => now);
  const { hits, redact } = redactorWith({
    onWork() {
      now++;
      budget.spend();
    },
  });
  budget.begin();
  const costly = 'https://a '.repeat(3000);
  assert.equal(redact('see https://a or jane@mail.example.org'), 'see https://a or [redacted:email]');
  assert.equal(redact(costly), '[redacted:too-costly]');
  assert.equal(redact('see https://a'), '[redacted:too-costly]');
  assert.deepEqual(hits, ['email', 'too-costly', 'too-costly']);
  budget.begin();
  assert.equal(redact('see https://a'), 'see https://a');
});

test('what is allowed stays, and what follows is looked at', () => {
  const { redact } = redactorWith({ isAllowed: (found) => found === 'help@mail.example.org' });
  assert.equal(
    redact('help@mail.example.org, me@mail.example.org'),
    'help@mail.example.org, [redacted:email]',
  );
});

test('rules of the operator replace by pattern, before and behind what others found', () => {
  const custom = createCustomRules(
    [
      { name: 'order', pattern: 'ORD-[0-9]+', contains: 'ORD-' },
      { name: 'anything', pattern: '(?i)codename\\s+\\w+', contains: '' },
    ],
    (found) => found === 'ORD-0',
  );
  const { hits, redact } = redactorWith({ custom });
  const once = redact('ORD-17 of jane@mail.example.org: CodeName osprey, ORD-18');
  assert.equal(once, '[redacted:order] of [redacted:email]: [redacted:anything], [redacted:order]');
  assert.deepEqual(hits, ['email', 'order', 'anything']);
  assert.equal(redact(once), once);
  assert.equal(redact('ord-17'), 'ord-17');
  assert.equal(redact('ORD-0, ORD-1, ORD-0'), 'ORD-0, [redacted:order], ORD-0');
});

test('patterns that cannot be used are told', () => {
  assert.equal(patternMistake('ORD-[0-9]+'), null);
  assert.match(patternMistake('(') ?? '', /./);
  assert.match(patternMistake('x*') ?? '', /empty/);
  assert.match(patternMistake('(?=x)') ?? '', /./);
});

/** How often a rule is asked while `text` is looked through for all that is in it. */
function countQuestions(text: string): number {
  let questions = 0;
  const counting = RULES.map((rule) => ({
    ...rule,
    find: (...args: Parameters<Rule['find']>) => {
      questions++;
      return rule.find(...args);
    },
  }));
  const bytes = Buffer.from(text);
  const finder = createFinder(counting, () => {});
  const range = { bytes, from: 0, end: bytes.length };
  const found = { start: 0, end: 0 };
  while (finder.next(range, range.from, found) >= 0) range.from = found.end;
  return questions;
}

test('whatever provokes rules, twice as much text makes at most about twice as many questions', () => {
  const seeds = [
    ...[
      '@',
      'a@',
      'a@b.',
      'é@',
      '7',
      '4111 ',
      '+1',
      '1-',
      '-----BEGIN ',
      '-----BEGIN RSA PRIVATE KEY-----',
      'eyJ',
    ],
    ...[
      'eyJ.',
      'password=',
      'password',
      '{"a":"',
      '\\"',
      '"',
      '://',
      'a://b:',
      'x.y',
      'sk-',
      'ghp_',
      'Bearer ',
      'ssn ',
    ],
    ...[
      'Cookie: ',
      'sig=',
      '&sig=',
      'DE89 ',
      '(415) ',
      'A',
      ' ',
      '.',
      ':',
      '::1',
      '{"password":{',
      'token token ',
    ],
  ];
  for (const seed of seeds) {
    const times = Math.ceil(10_000 / seed.length);
    const once = countQuestions(seed.repeat(times));
    const twice = countQuestions(seed.repeat(2 * times));
    assert.ok(twice <= 2.5 * once + 20, `${JSON.stringify(seed)}: ${once} and ${twice} questions`);
    assert.ok(once < 3 * 10_000, `${JSON.stringify(seed)}: ${once} questions for 10,000 bytes`);
  }
});
