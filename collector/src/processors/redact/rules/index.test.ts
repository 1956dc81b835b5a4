import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_OFF, RULES } from './index.ts';
import { applyRules, findAll } from './testing/apply-rules.ts';
import { filler, flood } from './testing/check-cases.ts';

const HEADER = 'eyJhbGciOiJIUzI1NiJ9';

test('rules have names of their own, and those that are off are among them', () => {
  const names = RULES.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z]+(?:-[a-z]+)*$/);
  for (const name of DEFAULT_OFF) assert.ok(names.includes(name));
});

test('anchors are ASCII, and no rule has one that begins with another of its own', () => {
  for (const { anchors, name } of RULES) {
    const texts = anchors.flatMap((anchor) => (typeof anchor === 'string' ? [] : [anchor.text]));
    for (const text of texts) {
      assert.match(text, /^[\x20-\x7e]+$/, name);
      const shorter = texts.filter((other) => other !== text && text.startsWith(other));
      assert.deepEqual(shorter, [], name);
    }
  }
});

test('what stands side by side is found by the rule it belongs to', () => {
  const text = [
    `key AKIA${filler(16, 'upper')}`,
    `password=hunter2`,
    `Authorization: Bearer ${filler(30)}`,
    `${HEADER}.${HEADER}.${filler(30)}`,
    'postgres://app:s3cret@db/x',
    'https://ann:pw@example.com/k?sig=abc',
    '4111 1111 1111 1111 DE89370400440532013000',
    'ssn 123-45-6789, +49 30 1234567, ann@example.com',
  ].join('\n');
  const expected = [
    'key [redacted:cloud-key]',
    'password=[redacted:credential-text]',
    'Authorization: Bearer [redacted:bearer-basic]',
    '[redacted:jwt]',
    'postgres://app:[redacted:connection-string]@db/x',
    'https://[redacted:url-userinfo]@example.com/k?sig=REDACTED',
    '[redacted:card] [redacted:iban]',
    'ssn [redacted:national-id], [redacted:phone], [redacted:email]',
  ].join('\n');
  assert.equal(applyRules(text, RULES), expected);
});

test('ordinary telemetry stays as it is', () => {
  const rules = RULES.filter(({ name }) => !DEFAULT_OFF.includes(name));
  for (const text of [
    '2026-03-14T09:26:53.589793238Z INFO request completed in 12.4 ms status=200 bytes=5316',
    'trace=4bf92f3577b34da6a3ce929d0e0e4736 span=00f067aa0ba902b7 id=550e8400-e29b-41d4-a716-446655440000',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 1764039077123456789',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1610:16) 10.0.0.17:5432 node@26.10.0',
    "SELECT o.id FROM orders o WHERE o.status IN ('paid', 'sent') AND o.total > 129.95 LIMIT 50",
    '{"model":"gpt-4o","usage":{"prompt_tokens":12,"completion_tokens":100,"total_tokens":112}}',
  ])
    assert.equal(applyRules(text, rules), text);
});

const PIECES = [
  `AKIA${filler(16, 'upper')}`,
  `ghp_${filler(36)}`,
  `sk-ant-api03-${filler(40)}`,
  'password=',
  'password: ',
  '"password":"',
  '\\"secret\\":\\"',
  'hunter2',
  'token=',
  filler(20),
  'Authorization: ',
  'Bearer ',
  'Basic ',
  'YW5uOm9wZW5zZXNhbWU=',
  'Cookie: ',
  'sid=abc; x=1',
  'postgres://',
  'https://',
  'user:',
  'pw12@',
  'host.com',
  '/p?',
  '&sig=',
  '4111 1111 1111 1111',
  '4111111111111111',
  'DE89 3704 0044 0532 0130 00',
  'DE89370400440532013000',
  'ann@example.com',
  '%40',
  '+1 415 555 2671',
  '(415) 555-2671',
  'phone ',
  'tel:',
  'ssn ',
  '123-45-6789',
  'dni ',
  '12345678Z',
  'nino ',
  'AB123456C',
  `${HEADER}.`,
  `${filler(20)}.`,
  '-----BEGIN RSA PRIVATE KEY-----',
  '-----END RSA PRIVATE KEY-----',
  '10.0.0.17',
  '2001:db8::1',
  '[redacted:email]',
  'REDACTED',
  '[redacted:phone]',
  '\\"',
  '\\n',
  '\\u003d',
  '%3D',
  ' ',
  ',',
  ';',
  ':',
  '=',
  '"',
  "'",
  ']',
  '}',
  '<',
  '>',
  '.',
  '-',
  '_',
  '1',
  'a',
  'é',
  '--password ',
  'api_key',
  'auth',
  'pwd=',
  'is ',
  'required',
  'null',
  '***',
  'curl -u ',
  'docker login -p ',
  'INSERT INTO users (name, password) VALUES (',
  "'ann', '",
  "')",
  "IDENTIFIED BY '",
  filler(64),
  'sig=',
  'mailgun ',
  `${filler(32, 'hex')}-3f9a0c71-be58d246`,
  `${filler(32, 'hex')}-us14`,
  '山田@例え.jp',
  'mail@münchen.example',
  '@tcp(',
  'otp=',
  '482913',
  'secret',
  'jdbc:oracle:thin:a/',
  `123456789:AA${filler(33)}`,
  `https://${filler(24)}@`,
  '<Password Type="x">',
  '%3FX-Amz-Signature%3D',
  'Azure key ',
  `${filler(86)}==`,
];

/** Numbers that are the same in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('the second time nothing is found, whatever stands beside what', () => {
  const random = createRandom(1);
  for (let round = 0; round < 6000; round++) {
    const count = 2 + random(8);
    const text = Array.from({ length: count }, () => PIECES[random(PIECES.length)]).join(
      random(2) ? ' ' : '',
    );
    const once = applyRules(text, RULES);
    assert.equal(applyRules(once, RULES), once, text);
  }
});

test('no bytes make a rule throw or cut a character in two', () => {
  const random = createRandom(2);
  const source = Buffer.from(PIECES.join(''));
  for (let round = 0; round < 3000; round++) {
    const bytes = Uint8Array.from({ length: 90 }, () =>
      random(3) ? source[random(source.length)]! : random(256),
    );
    findAll(bytes, RULES);
  }
  for (let cut = 0; cut < source.length; cut++) findAll(source.subarray(cut, cut + 120), RULES);
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: 6 }, () => (random(2) ? 'ß€😀' : PIECES[random(PIECES.length)])).join(
      '',
    );
    assert.ok(!applyRules(text, RULES).includes('\ufffd'), text);
  }
});

test('a flood of anything is looked through, and no match is empty or goes back', () => {
  const units = [
    ...PIECES,
    '@',
    'a@',
    '@a',
    '1 ',
    '12 ',
    'eyJ',
    'eyJ-',
    '-----BEGIN ',
    '{"\\"',
    '://',
    '://a:',
    '\\',
  ];
  for (const unit of units) {
    let last = 0;
    for (const { end, start } of findAll(flood(unit, 1 << 13), RULES)) {
      assert.ok(start >= last && end > start, unit);
      last = end;
    }
  }
});
