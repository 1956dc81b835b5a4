import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialText } from './credential-text.ts';
import { applyRules } from './testing/apply-rules.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

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

test('words of other languages, short words and codes count too', () => {
  finds(credentialText, [
    'Passwort: ⟦Käse#12⟧ eingegeben',
    'kennwort=⟦hunter2⟧ wachtwoord: "⟦hunter2⟧" contraseña=⟦hunter2⟧ contrasena: "⟦hunter2⟧" senha=⟦hunter2⟧',
    "mot de passe: '⟦hunter2⟧'",
    'pw=⟦hunter2⟧,x storepass=⟦hunter2⟧ db_pw: "⟦hunter2⟧"',
    'otp=⟦123456⟧ otp_code: ⟦1234⟧ {"pin":"⟦1234⟧"} user_pin=⟦1234⟧ verification code: ⟦123456⟧',
    `routing_key=⟦${filler(32)}⟧ DD_APP_KEY="⟦${filler(40, 'hex')}⟧" X-Auth-Key: ⟦${filler(37, 'hex')}⟧`,
    `x-honeycomb-team: ⟦${filler(22)}⟧`,
    `oauth_signature=⟦${filler(26)}%3D⟧&oauth_signature_method=HMAC-SHA256`,
    `X-Vault-Token: ⟦s.${filler(24)}⟧`,
    `aws configure set aws_secret_access_key ⟦${filler(40)}⟧ --profile ci`,
  ]);
  leaves(credentialText, [
    'pin: 13 pin=unpinned spin: 1234 otp=enabled otp: 12 otp=123456789 shopping: 1234',
    'routing_key=orders.created.eu-west-1.v2 routing_key="shop-orders-v2-created-x" app_key=shop-2 app key rejected, license key: required1',
    'secret santa-2024 secret shop-tls-x8k2p password PASSWORD_MIN_LENGTH_12_CHARS',
    'pwm=12 empowered: 1234 Passwort: muss lang sein',
  ]);
});

test('names that hold the word are none: of ARNs and of Kubernetes objects', () => {
  leaves(credentialText, [
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/shop/db-AbCdEf',
    '"Reconciling" secret="shop/regcred-2" secret=shop/regcred',
  ]);
  finds(credentialText, ['secret="⟦shop/Regcred2⟧" client_secret="⟦shop/regcred⟧"']);
});

test('a value in a line for people holds marks that end it elsewhere', () => {
  finds(credentialText, [
    'Passwd : ⟦p@ss;word⟧',
    'password: ⟦a#b;c⟧; user: x',
    'password=⟦ends.with.dot⟧.',
    `endpoint secret ⟦abcD${filler(24)}⟧!`,
    'a?password=⟦hunter2⟧#top',
  ]);
});

test('attributes beside a name or in a tag are stepped over', () => {
  finds(credentialText, [
    '<wsse:Password Type="PasswordText">⟦hunter2⟧</wsse:Password>',
    '<add key="ApiSecret" value="⟦hunter2⟧" />',
    '<input type="hidden" name="password" value="⟦hunter2⟧">',
  ]);
  leaves(credentialText, [
    '<password required/>hunter2',
    '<password <b>hunter2</b>',
    'a:password b>hunter2<',
    '<input type="password" name="x">',
  ]);
});

test('passwords on command lines go, where the command means one by the flag', () => {
  finds(credentialText, [
    'curl -sS -u ann:⟦hunter2⟧ https://example.com',
    'curl -u ⟦ann@example.com:hunter2⟧ https://example.com',
    "curl --user 'ann:⟦hun ter2⟧' https://example.com",
    'docker login registry.test -u ci -p ⟦hunter2⟧',
    '{"cmd": "useradd ops -p ⟦hunter2⟧", "changed": true}',
    'redis-cli -h cache -a ⟦hunter2⟧ ping; mysqldump -uroot -p⟦hunter2⟧ shop',
    '["docker","login","-u","ci","-p","⟦hunter2⟧"]',
    'sshpass -p ⟦hunter2⟧ ssh -p 22 web-1; ldapsearch -x -w ⟦hunter2⟧; sqlcmd -P ⟦hunter2⟧',
  ]);
  leaves(credentialText, [
    'mkdir -p /srv/app1 && docker run -p 8080:80 -u 1000:1000 shop',
    'ssh -p 2222 web-1, tar -a file1, ps -p 1234, psql -p 5432',
    'curl -u ann: https://x; curl -u $USER:$PASS https://x; curl https://x | sort -u a:b1',
    'mysql -p shop1, docker login -p $TOKEN1, docker login -p "[redacted:jwt]"',
  ]);
});

test('passwords in SQL go: of users, and of rows by the names of their columns', () => {
  finds(credentialText, [
    "CREATE USER ann IDENTIFIED BY '⟦hunter2⟧'",
    "create user ann identified with mysql_native_password by '⟦hunter2⟧'",
    "INSERT INTO users (name, password) VALUES ('eva', '⟦hunter2⟧')",
    "insert into users (`password`, name) values (N'⟦it''s 2⟧', 'eva')",
    "INSERT INTO t (id, api_key, at) VALUES (nextval('t', 1), '⟦hunter2⟧', now())",
    "INSERT INTO t (name, password) VALUES ('a', '⟦hunter2'), ('b', 'hunter3'⟧); COMMIT",
    "INSERT INTO t (mail, password) VALUES (⟦'ann@example.com', 'hunter2⟧')",
  ]);
  leaves(credentialText, [
    'INSERT INTO tokens (token, user_id) VALUES ($1, $2)',
    "INSERT INTO users (name, password_hash) VALUES ('eva', 'hunter2')",
    "INSERT INTO users (name, password) VALUES ('eva', ?), VALUES (",
    "INSERT INTO users (name, password) SELECT 'a', 'b'; values ('x1', 'y2')",
    'identified by its number, identified by "serial-1", identified by "',
    "INSERT INTO t (a, password) VALUES ('[redacted:email]', 'hunter2')",
  ]);
});
