import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAs, encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { processBytes, type Settings, testProcessors } from '../testing/process-request.ts';
import { truncateIp } from './ip-address.ts';
import { HASHED } from './keyed-hash.ts';

const MAIL = 'jane.roe@mail.example.org';
const CARD = '4111111111111111';

interface Outcome {
  attributes: Record<string, unknown>;
  counts: Record<string, number>;
}

/** What becomes of attributes of a log record of `service`, and what was counted. */
function redact(attributes: Record<string, Plain>, settings: Settings = {}, service = 'shop'): Outcome {
  const processors = testProcessors(settings);
  const request = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeLogs: [
          {
            logRecords: [{ attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })) }],
          },
        ],
      },
    ],
  };
  const { bytes } = processBytes(processors, 'logs', encodeAs('ExportLogsServiceRequest', request));
  const decoded = decodeAs('ExportLogsServiceRequest', bytes) as typeof request;
  const record = decoded.resourceLogs[0]!.scopeLogs[0]!.logRecords[0]!;
  return {
    attributes: Object.fromEntries(
      record.attributes.map(({ key, value }) => [key, Object.values(value as Plain)[0]]),
    ),
    counts: Object.fromEntries(
      processors
        .counts()
        .filter(({ processor }) => processor === 'redact')
        .map(({ action, count, rule }) => [`${rule} ${action}`, count]),
    ),
  };
}

const text = (stringValue: string): Plain => ({ stringValue });

test('values go by their key, whatever their type, and are counted once', () => {
  const { attributes, counts } = redact({
    'db.password': text(`hunter2 ${MAIL}`),
    'user.email': text(MAIL),
    'api.key': { intValue: '12345' },
    'auth.token': { arrayValue: { values: [text('a'), text(MAIL)] } },
    'card.number': { intValue: CARD },
    'session.token.enabled': { boolValue: true },
    note: text('nothing here'),
  });
  assert.deepEqual(attributes, {
    'db.password': '[redacted:credential]',
    'user.email': '[redacted:personal]',
    'api.key': '[redacted:credential]',
    'auth.token': '[redacted:credential]',
    'card.number': '[redacted:personal]',
    'session.token.enabled': true,
    note: 'nothing here',
  });
  assert.deepEqual(counts, { 'credential redacted': 3, 'personal redacted': 2 });
});

test('empty values, booleans and what was redacted before stay', () => {
  const { attributes, counts } = redact({
    password: text(''),
    secret: { boolValue: false },
    'x.token': text('[redacted:credential]'),
    'other.token': {},
  });
  assert.equal(attributes.password, '');
  assert.equal(attributes.secret, false);
  assert.equal(attributes['x.token'], '[redacted:credential]');
  assert.deepEqual(counts, {});
});

test('texts, lists, bytes and large integers are looked through', () => {
  const { attributes, counts } = redact({
    text: text(`to ${MAIL}`),
    bytes: { bytesValue: Buffer.from(`to ${MAIL}`) },
    integer: { intValue: CARD },
    small: { intValue: '4111' },
  });
  assert.equal(attributes.text, 'to [redacted:email]');
  assert.equal(Buffer.from(attributes.bytes as Uint8Array).toString(), 'to [redacted:email]');
  assert.equal(attributes.integer, '[redacted:card]');
  assert.equal(String(attributes.small), '4111');
  assert.deepEqual(counts, { 'email redacted': 2, 'card redacted': 1 });
});

test('ids of users become the same keyed hash each time, and stay when told so', () => {
  const first = redact({ 'user.id': text('u-17'), 'enduser.id': { intValue: '17' } });
  assert.match(String(first.attributes['user.id']), HASHED);
  assert.notEqual(first.attributes['user.id'], first.attributes['enduser.id']);
  assert.deepEqual(first.counts, { 'user-id hashed': 2 });
  const again = redact({ 'user.id': text(String(first.attributes['user.id'])), 'enduser.id': text('u-17') });
  assert.equal(again.attributes['user.id'], first.attributes['user.id']);
  assert.equal(again.attributes['enduser.id'], first.attributes['user.id']);
  assert.equal(testProcessors().redactor.hash('u-17'), first.attributes['user.id']);
  const other = testProcessors({}, { hashKey: 'another key' }).redactor.hash('u-17');
  assert.notEqual(other, first.attributes['user.id']);
  const kept = redact({ 'user.id': text('u-17') }, { redact: { user_ids: 'keep' } });
  assert.deepEqual(kept, { attributes: { 'user.id': 'u-17' }, counts: {} });
});

test('addresses stay, or lose their last part, or become a hash', () => {
  const addresses = { 'client.address': text('198.51.100.7'), note: text('from 2001:db8:1:2::9 today') };
  assert.deepEqual(redact(addresses).counts, {});
  const short = redact(addresses, { redact: { ip_addresses: 'truncate' } });
  assert.deepEqual(short.attributes, { 'client.address': '198.51.100.0', note: 'from 2001:db8:1:: today' });
  const hashed = redact(addresses, { redact: { ip_addresses: 'hash' } });
  assert.match(String(hashed.attributes['client.address']), HASHED);
  assert.match(String(hashed.attributes.note), /^from hmac:[0-9a-f]{32} today$/);
});

test('addresses of all forms are shortened', () => {
  for (const [full, short] of [
    ['10.1.2.3', '10.1.2.0'],
    ['::ffff:10.1.2.3', '::ffff:10.1.2.0'],
    ['2001:db8::1', '2001:db8:0::'],
    ['2001:0db8:0001:0000:0000:0000:0000:0001', '2001:db8:1::'],
    ['fe80::1%eth0', 'fe80:0:0::'],
    ['no address', null],
    ['a:b', null],
  ] as const) {
    assert.equal(truncateIp(full), short, full);
  }
});

test('rules can be off for all or for one service, and a service can be left out', () => {
  const values = { note: text(`${MAIL}, card 4111 1111 1111 1111`), token: text('abc') };
  const noMail = { redact: { off: ['email'] } };
  assert.equal(redact(values, noMail).attributes.note, `${MAIL}, card [redacted:card]`);
  const settings = {
    redact: {
      services: [
        { service: 'mailer', off: ['email', 'credential'], enabled: true },
        { service: 'test', off: [], enabled: false },
      ],
    },
  };
  const mailer = redact(values, settings, 'mailer');
  assert.deepEqual(mailer.attributes, { note: `${MAIL}, card [redacted:card]`, token: 'abc' });
  assert.deepEqual(redact(values, settings, 'test').counts, {});
  assert.equal(redact(values, settings, 'shop').attributes.note, '[redacted:email], card [redacted:card]');
});

test('keys and values can be allowed, and more keys be credentials', () => {
  const settings = {
    redact: {
      allow_keys: ['build.*', 'author'],
      allow_values: ['help@mail.example.org', '*@status.example.org'],
      keys: ['acme.internal.*'],
    },
  };
  const values = {
    'build.token': text('abc'),
    author: text(MAIL),
    note: text(`help@mail.example.org, bot@status.example.org, ${MAIL}`),
    'acme.internal.thing': text('quiet'),
  };
  assert.deepEqual(redact(values, settings).attributes, {
    'build.token': 'abc',
    author: MAIL,
    note: 'help@mail.example.org, bot@status.example.org, [redacted:email]',
    'acme.internal.thing': '[redacted:credential]',
  });
});

test('a listed key is a credential whatever it looks like, unless it is allowed', () => {
  const keys = ['client.address', 'user.name', 'http.request.body.content', 'gen_ai.prompt', 'acme.*'];
  const values = Object.fromEntries(
    ['client.address', 'user.name', 'http.request.body.content', 'gen_ai.prompt', 'acme.x'].map((key) => [
      key,
      text(`quiet ${key}`),
    ]),
  );
  const { attributes } = redact(values, { redact: { keys, user_ids: 'keep' } });
  for (const key of Object.keys(values)) assert.equal(attributes[key], '[redacted:credential]', key);
  const allowed = redact(values, { redact: { keys, allow_keys: keys } });
  for (const key of Object.keys(values)) assert.equal(allowed.attributes[key], `quiet ${key}`, key);
});

test('content that is listed goes in mode full too, and in mode metadata also where nothing is redacted', () => {
  const values = { 'gen_ai.prompt': text('quiet'), 'gen_ai.completion': text(MAIL) };
  const keys = ['gen_ai.prompt'];
  const full = redact(values, { content: { mode: 'full' }, redact: { keys } });
  assert.equal(full.attributes['gen_ai.prompt'], '[redacted:credential]');
  assert.equal(full.attributes['gen_ai.completion'], MAIL);
  const services = [{ service: 'shop', enabled: false, off: [] }];
  const event = { 'event.name': text('gen_ai.user.message'), ...values };
  const ofEvent = redact(event, { content: { mode: 'full' }, redact: { keys } });
  assert.equal(ofEvent.attributes['gen_ai.prompt'], '[redacted:credential]');
  assert.equal(ofEvent.attributes['gen_ai.completion'], MAIL);
  const none = redact(values, { content: { mode: 'metadata' }, redact: { keys, services } });
  assert.deepEqual(none.attributes, { 'signalbox.content.mode': 'metadata' });
});

test('content of a service without redaction is said to be kept as it came', () => {
  const values = { 'gen_ai.completion': text(MAIL) };
  const services = [{ service: 'test', enabled: false, off: [] }];
  const modeOf = (settings: Settings, service: string) =>
    redact(values, settings, service).attributes['signalbox.content.mode'];
  assert.equal(modeOf({ redact: { services } }, 'test'), 'full');
  assert.equal(modeOf({ redact: { services } }, 'shop'), 'redacted');
  assert.equal(modeOf({ redact: { enabled: false } }, 'shop'), 'full');
  assert.equal(modeOf({ redact: { services }, content: { mode: 'metadata' } }, 'test'), 'metadata');
});

test('exceptions are for a service by its name, else by the first pattern that matches', () => {
  const settings = {
    redact: {
      services: [
        { service: 'load-*', enabled: false, off: [] },
        { service: '*-eu', enabled: true, off: ['email'] },
        { service: 'load-real', enabled: true, off: [] },
      ],
    },
  };
  const after = (service: string) => redact({ note: text(MAIL) }, settings, service).attributes.note;
  assert.deepEqual(['load-1', 'load-eu', 'shop-eu'].map(after), [MAIL, MAIL, MAIL]);
  assert.deepEqual(['load-real', 'shop', 'a-load-1', 'load'].map(after), Array(4).fill('[redacted:email]'));
});

test('allowed values may have a star anywhere, and spare what own rules find', () => {
  const settings = {
    redact: {
      allow_values: ['Support@*', 'bot*@mail.example.org', 'ORD-0*'],
      custom: [{ name: 'order', pattern: 'ORD-[0-9]+', contains: '' }],
    },
  };
  const { attributes } = redact(
    { note: text(`support@a.example.org bot-7@mail.example.org ${MAIL} ORD-07 ORD-17`) },
    settings,
  );
  assert.equal(
    attributes.note,
    'support@a.example.org bot-7@mail.example.org [redacted:email] ORD-07 [redacted:order]',
  );
});

test('a text longer than the limit is redacted first and cut then, and no half of a secret is left at the cut', () => {
  const settings = { limit: { max_value_bytes: 1000 } };
  for (const before of [900, 970, 980, 990, 1000, 9000, 9150, 9170, 9185]) {
    const { attributes } = redact(
      { note: text(`${'x '.repeat(before / 2)}${MAIL}${' y'.repeat(20_000)}`) },
      settings,
    );
    const kept = String(attributes.note);
    assert.ok(Buffer.byteLength(kept) <= 1000);
    assert.doesNotMatch(kept, /jane|roe@|mail\.ex/, `${before}`);
    assert.match(kept, /…\[cut: \d+ bytes\]$/);
  }
  // What is redacted is shorter, so more of the text has room; its end must still be no half of a secret.
  const many = redact({ note: text(`${MAIL} `.repeat(8000)) }, { limit: { max_value_bytes: 20_000 } });
  assert.match(String(many.attributes.note), /^(\[redacted:email\] )+[[\w:\]]*…\[cut: \d+ bytes\]$/);
});
