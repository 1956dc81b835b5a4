import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';

const SCRIPT = join(import.meta.dirname, 'redact.ts');
const SECRET = 'ada@example.com';

function start(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'redact-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const put = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('SIGNALBOX_')),
  );
  function run(args: string[], more: { input?: string; env?: Record<string, string> } = {}) {
    const { status, stderr, stdout } = spawnSync(process.execPath, [SCRIPT, ...args], {
      cwd: folder,
      encoding: 'utf8',
      input: more.input ?? '',
      env: { ...clean, ...more.env },
      timeout: 30_000,
    });
    return { code: status, out: stdout, error: stderr };
  }
  return { folder, put, run };
}

const record = (text: string) => ({
  body: { stringValue: `by ${text}` },
  attributes: [
    { key: 'colour', value: { stringValue: 'red' } },
    { key: 'user.id', value: { stringValue: 'u-1' } },
  ],
});
const request = (text = SECRET) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeLogs: [{ logRecords: [record('nobody'), record(text)] }],
    },
  ],
});
const PATH = 'resourceLogs[0].scopeLogs[0].logRecords[1]';

test('of a text file the changed lines are shown with the places, never what was found', (t) => {
  const { put, run } = start(t);
  put('app.log', `all well\nlogin of ${SECRET}, door 7\r\nall well\n`);
  const { code, out } = run(['try', 'app.log']);
  assert.equal(code, 0);
  assert.match(out, /^ {5}2 {2}login of \[redacted:email\], door 7$/m);
  assert.match(out, /^ {8}columns 10-24: email$/m);
  assert.match(out, /^app\.log: 3 lines$/m);
  assert.match(out, /^ {2}redact {5}email {2}redacted {6}1$/m);
  assert.doesNotMatch(out, /ada@|all well/);
});

test('with --show-values what was found is marked below the line', (t) => {
  const { put, run } = start(t);
  put('app.log', `login of ${SECRET}\n`);
  const { out } = run(['try', '--show-values', 'app.log']);
  assert.match(
    out,
    new RegExp(`1- login of ${SECRET}\n {17}\\^{15}\n {8}columns 10-24: email\n {5}1\\+ login of `),
  );
});

test('a tool is told one object a line, the summary last', (t) => {
  const { put, run } = start(t);
  put('app.log', `\u{1f600} ${SECRET} ${SECRET}\n`);
  const lines = run(['try', '--json', 'app.log']).out.trimEnd().split('\n');
  assert.equal(lines.length, 2);
  const [change, last] = lines.map((line) => JSON.parse(line));
  assert.deepEqual(change, {
    file: 'app.log',
    line: 1,
    after: '\u{1f600} [redacted:email] [redacted:email]',
    found: [
      { rule: 'email', from: 3, to: 17 },
      { rule: 'email', from: 19, to: 33 },
    ],
  });
  assert.deepEqual(last.summary, [{ processor: 'redact', rule: 'email', action: 'redacted', count: 2 }]);
  assert.ok(last.bytes > 0 && last.milliseconds > 0);
});

test('with --key the lines are values of an attribute, and --service says whose', (t) => {
  const { put, run } = start(t);
  put('signalbox.yaml', `redact:\n  services:\n    - service: open\n      enabled: false\n`);
  const secret = run(['try', '-', '--key', 'db.password'], { input: 'hunter2\n' });
  assert.match(secret.out, /1 {2}\[redacted:credential\]\n {8}columns 1-7: credential$/m);
  const open = run(['try', '-', '--key', 'db.password', '--service', 'open'], { input: 'hunter2\n' });
  assert.match(open.out, /Nothing would be changed/);
});

test('of requests the paths of what is changed are shown, of one or of one a line', (t) => {
  const { put, run } = start(t);
  put('one.json', JSON.stringify(request(), null, 2));
  put('many.jsonl', `${JSON.stringify(request('nobody'))}\n\n${JSON.stringify(request())}\n`);
  const one = run(['try', 'one.json']);
  assert.equal(one.code, 0);
  assert.ok(one.out.includes(`  ${PATH}.body\n    = by [redacted:email]\n`), one.out);
  assert.match(one.out, /logRecords\[1\]\.attributes\["user\.id"\]\n {4}= hmac:[0-9a-f]{32}$/m);
  assert.doesNotMatch(one.out, /ada@|u-1|colour/);
  const many = run(['try', 'many.jsonl']);
  assert.ok(many.out.includes(`  line 3: ${PATH}.body\n`), many.out);
  assert.match(many.out, /^many\.jsonl: OTLP\/JSON, 2 requests$/m);
});

test('protobuf is told by its bytes; what cannot be told has to be said', (t) => {
  const { put, run } = start(t);
  const transcoded = jsonToProtobuf('logs', Buffer.from(JSON.stringify(request())));
  assert.ok(transcoded.ok);
  put('request', transcoded.bytes);
  put('empty.pb', '');
  const told = run(['try', 'request', '--show-values']);
  assert.ok(told.out.includes(`${PATH}.body\n    - by ${SECRET}\n    = by [redacted:email]\n`), told.out);
  assert.match(told.out, /^request: OTLP protobuf, logs$/m);
  const unsaid = run(['try', 'empty.pb']);
  assert.equal(unsaid.code, 1);
  assert.match(unsaid.error, /empty\.pb: it cannot be told .* --signal/);
  assert.equal(run(['try', 'empty.pb', '--signal', 'traces']).code, 0);
  const wrong = run(['try', 'request', '--signal', 'metrics']);
  assert.equal(wrong.code, 1);
  assert.match(wrong.error, /not OTLP metrics in protobuf/);
});

test('what is dropped is counted, and shown as it would be kept', (t) => {
  const { put, run } = start(t);
  put('signalbox.yaml', 'sample:\n  drop:\n    - name: all\n      service: "*"\n');
  const { out } = run(['try', '-'], { input: `to ${SECRET}\n` });
  assert.match(out, /1 {2}to \[redacted:email\]/);
  assert.match(out, /^ {2}sample {5}drop:all {2}dropped {7}1$/m);
});

test('a line that is no request is told, and the others go on', (t) => {
  const { put, run } = start(t);
  put(
    'many.jsonl',
    `${JSON.stringify(request('nobody'))}\n{"resourceLogs":[\n${JSON.stringify(request())}\n`,
  );
  const { code, error, out } = run(['try', 'many.jsonl']);
  assert.equal(code, 1);
  assert.match(error, /^many\.jsonl:2: not OTLP\/JSON: .+ at byte \d+$/m);
  assert.ok(out.includes(`line 3: ${PATH}.body`));
});

test('a file that cannot be read ends with 1 and does not stop the next', (t) => {
  const { put, run } = start(t);
  put('app.log', `${SECRET}\n`);
  const { code, error, out } = run(['try', 'missing.log', '.', 'app.log']);
  assert.equal(code, 1);
  assert.match(error, /missing\.log: ENOENT/);
  assert.match(error, /\.: EISDIR/);
  assert.match(out, /1 {2}\[redacted:email\]/);
});

test('the key of hashes is the configured one, else that of the data folder, else random and said so', (t) => {
  const { folder, run } = start(t);
  const hash = (env: Record<string, string> = {}) => {
    const { error, out } = run(['try', '-', '--key', 'user.id', '--json'], { input: 'u-1\n', env });
    return { error, hash: JSON.parse(out.split('\n')[0]!).after as string };
  };
  const random = hash();
  assert.match(random.error, /no key in .*hash-key \(ENOENT\): hashes are made with a random key/);
  mkdirSync(join(folder, 'data/secrets'), { recursive: true });
  writeFileSync(join(folder, 'data/secrets/hash-key'), 'a-key-for-this-test-only\n');
  const kept = hash();
  assert.deepEqual([kept.error, hash().hash], ['', kept.hash]);
  assert.equal(hash({ SIGNALBOX_REDACT_HASH_KEY: 'a-key-for-this-test-only' }).hash, kept.hash);
  assert.equal(
    new Set([random.hash, kept.hash, hash({ SIGNALBOX_REDACT_HASH_KEY: 'quite-another-key-of-16' }).hash])
      .size,
    3,
  );
});

test('rules are listed with their state in the configuration', (t) => {
  const { put, run } = start(t);
  put('other.yaml', 'redact:\n  off: [email]\n  custom:\n    - { name: ticket, pattern: "T-[0-9]+" }\n');
  const { code, out } = run(['rules', '--config', 'other.yaml']);
  assert.equal(code, 0);
  assert.match(out, /^off {2}email +\S/m);
  assert.match(out, /^on {3}card +\S/m);
  assert.match(out, /^on {3}ticket +\S/m);
  assert.match(out, /^off {2}ip +\S/m);
});

test('rules of the operator are shown with their name alone', (t) => {
  const { put, run } = start(t);
  put('signalbox.yaml', 'redact:\n  custom:\n    - { name: ticket, pattern: "T-[0-9]+" }\n');
  const { out } = run(['try', '-'], { input: `see T-42 of ${SECRET}\n` });
  assert.match(out, /1 {2}see \[redacted:ticket\] of \[redacted:email\]\n {8}columns 13-27: email, ticket$/m);
});

test('characters that a terminal obeys are not printed', (t) => {
  const { run } = start(t);
  const { out } = run(['try', '-', '--show-values'], { input: `\u001b[31mred ${SECRET}\n` });
  assert.ok(!out.includes('\u001b'));
  assert.match(out, /\[redacted:email\]/);
});

test('what is asked wrongly ends with 2 and says so; help with 0', (t) => {
  const { put, run } = start(t);
  put('bad.yaml', 'redact:\n  offf: []\n');
  for (const [args, message] of [
    [[], /say try or rules/],
    [['tri'], /"tri" is neither/],
    [['try'], /name a file/],
    [['try', '-', '--signal', 'spans'], /--signal must be one of/],
    [['try', '-', '--colour'], /--colour/],
    [['rules', '--config', 'bad.yaml'], /redact\.offf: unknown key/],
  ] as const) {
    const { code, error, out } = run([...args]);
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(error, message);
  }
  const help = run(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.out, /npm run redact -- try FILE/);
});
