import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialText } from './credential-text.ts';
import { applyRules, findAll } from './testing/apply-rules.ts';
import { filler, finds, flood, leaves } from './testing/check-cases.ts';

test('values go after every sign that gives a key a value', () => {
  finds(credentialText, [
    'password=⟦hunter2⟧ user=ann',
    'password: ⟦hunter2⟧',
    'password = ⟦hunter2⟧',
    'password => ⟦hunter2⟧',
    'password := "⟦hunter2⟧"',
    'user[password]=⟦hunter2⟧&x=1',
    'headers["x-api-key"] = "⟦hunter2⟧"',
    '--password ⟦hunter2⟧ --host x',
    '--api-key=⟦hunter2⟧',
    "ALTER USER ann WITH PASSWORD '⟦hunter2⟧'",
    '<password>⟦hunter2⟧</password><a:secret>⟦x y z⟧</a:secret>',
    'my password is ⟦hunter2⟧ ok',
    '%22password%22%3A%22⟦hunter2⟧%22',
    '{&quot;password&quot;:&quot;⟦hunter2⟧&quot;}',
  ]);
});

test('quoted values end at their own quote, however deep they are escaped', () => {
  finds(credentialText, [
    '{"password":"⟦hun\\"ter 2⟧","a":1}',
    "{'password': '⟦hunter2⟧', 'a': 1}",
    '{"a":"{\\"password\\":\\"⟦hunter2⟧\\",\\"b\\":1}"}',
    '{\\"password\\":\\"⟦hun\\\\\\"ter⟧\\"}',
    '{\\\\\\"password\\\\\\":\\\\\\"⟦hunter2⟧\\\\\\"}',
    '{"password":"⟦trailing\\\\⟧","a":1}',
    '{"password":"⟦cut off⟧',
    '{"password":"⟦first⟧\n"a":"b"',
    'password=`⟦hunter2⟧`',
    '"password":["⟦hunter2⟧"]',
  ]);
});

test('a name and its value may be neighbours', () => {
  finds(credentialText, [
    '{"name":"DB_PASSWORD","value":"⟦hunter2⟧"}',
    '{"key":"password","value":{"stringValue":"⟦hunter2⟧"}}',
    '[["cookie","⟦a=b; c=d⟧"]]',
  ]);
});

test('all words for credentials count, as the last words of a key', () => {
  for (const key of [
    'PGPASSWORD',
    'db_passwd',
    'dbPwd',
    'passphrase',
    'client_secret',
    'clientSecret',
    'aws_secret_access_key',
    'api_key',
    'apikey',
    'x-api-key',
    'accessKey',
    'private_key',
    'session-secret',
    'MYSQL_PWD',
    'smtp.pass',
    'password_confirmation',
    'secret_key',
    'AccountKey',
    'passwords',
    'password2',
  ])
    finds(credentialText, [`${key}=⟦hunter2⟧`, `"${key}": "⟦hunter2⟧"`]);
  for (const key of [
    'token',
    'access_token',
    'refreshToken',
    'X-Auth-Token',
    'credentials',
    '_auth',
    'csrf_token',
  ]) {
    finds(credentialText, [`${key}=⟦${filler(20)}⟧`, `"${key}":"⟦${filler(20)}⟧"`]);
  }
});

test('headers lose their value to the end of the line', () => {
  finds(credentialText, [
    'Cookie: ⟦sid=abc; theme=dark⟧\nHost: x',
    'Set-Cookie: ⟦sid=abc; Path=/; HttpOnly⟧\\r\\nHost: x',
    "curl -H 'Cookie: ⟦sid=abc; a=b⟧' http://x",
    '"cookie":"⟦sid=abc; a=b⟧","host":"x"',
    `Authorization: ⟦${filler(30)}⟧\nHost: x`,
    `Authorization: Custom ⟦${filler(30)}⟧`,
    'Authorization: AWS4-HMAC-SHA256 ⟦Credential=AKIAX/20260314/eu/s3/aws4_request, Signature=3f9a⟧',
  ]);
});

test('keys of other things stay', () => {
  leaves(credentialText, [
    'max_tokens=100 prompt_tokens: 12 total_tokens=112',
    `next_page_token=${filler(20)} pageToken: "${filler(20)}" eos_token_id=2`,
    'token.count=5 token_type=bearer tokenizer=cl100k_base1',
    'password_file=/run/secrets/db secret_name=db password-reset: done',
    'secretary=ann1234 author=ann1234 authority=x12345678 passed=12 bypass=1234',
    'PWD=/home/ann/work compass=north1',
    'cookie: accepted cookies=12 authorization: required',
  ]);
});

test('values that are no values stay', () => {
  for (const value of [
    'null',
    'undefined',
    'true',
    '***',
    '<redacted>',
    '[REDACTED]',
    '',
    '$DB_PASSWORD',
    '%s',
    '?',
    ':password',
    '{{x}}',
    'required',
  ]) {
    leaves(credentialText, [`password=${value} x`, `"password":"${value}"`]);
  }
  leaves(credentialText, [
    'password: required, password: must be at least 8 characters',
    'invalid password: please try again',
    '{"password":"is too short"}',
    '"password":null,"secret":false',
    'config.password = process.env.PASSWORD; const token = getToken();',
    'password: string; secret = settings.secret',
    'token=12 token: 12.5ms "token":12345 auth=none auth: failed',
    'unexpected token: abc123456789',
    'password=[redacted:credential-text] password="REDACTED"',
    '[redacted:vcs-token]: abc1234567890 [redacted:vcs-token]=abc1234567890',
  ]);
});

test('the scheme of a header is left to the rule for it, and keys to theirs', () => {
  leaves(credentialText, [
    `Authorization: Bearer ${filler(30)}`,
    'private_key: "-----BEGIN PRIVATE KEY-----',
  ]);
  assert.equal(
    applyRules('Cookie: [redacted:credential-text]', [credentialText]),
    'Cookie: [redacted:credential-text]',
  );
});

test('floods of keys, quotes and signs take linear time', () => {
  for (const unit of [
    'password=',
    'password',
    '{\\"',
    'token ',
    'cookie: ',
    'Authorization: ',
    '"password":"',
    'auth=',
    '<password>',
  ]) {
    const started = performance.now();
    findAll(flood(unit), [credentialText]);
    assert.ok(performance.now() - started < 4000, unit);
  }
});
