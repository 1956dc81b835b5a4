import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { serviceOfGroup } from '#otlp/service-of-group.ts';
import {
  processBytes,
  RECEIVED_UNIX_NANO,
  type Settings,
  testProcessors,
} from './testing/process-request.ts';

/** Protobuf by hand: forms that no SDK writes and that are valid all the same. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
const field = (number: number, ...parts: (Buffer | string)[]) => {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
};
const string = (text: string) => field(1, text);
const yes = Buffer.from([0x10, 1]);
const keyValue = (key: string, ...value: Buffer[]) => Buffer.concat([field(1, key), field(2, ...value)]);
const group = (service: string, ...records: Buffer[]) =>
  field(1, field(1, field(1, keyValue('service.name', string(service)))), field(2, ...records));
const record = (...fields: Buffer[]) => field(2, ...fields);
const withAttribute = (key: string, ...value: Buffer[]) =>
  group('shop', record(field(6, keyValue(key, ...value))));

function outcome(bytes: Buffer, settings: Settings = {}, signal: Signal = 'logs'): string {
  return Buffer.from(processBytes(testProcessors(settings), signal, bytes).bytes).toString('latin1');
}

const SECRET = 'quiet-otter-7';

test('a credential goes whatever stands beside it in its value', () => {
  const list = field(5, field(1, string(SECRET)));
  const members = field(6, field(1, keyValue('inner', string(SECRET))));
  for (const value of [
    [yes, string(SECRET)],
    [string(SECRET), yes],
    [yes, list],
    [yes, members],
    [string(SECRET), string('')],
    [string(SECRET), string('[redacted:email]')],
    [field(7, SECRET), yes],
  ]) {
    assert.ok(!outcome(withAttribute('db.password', ...value)).includes(SECRET));
  }
});

test('what looks like a mark of ours and is none goes', () => {
  assert.ok(!outcome(withAttribute('password', string(`[redacted:${SECRET}]`))).includes(SECRET));
  assert.ok(outcome(withAttribute('password', string('[redacted:email]'))).includes('[redacted:email]'));
});

test('an attribute with two keys is refused, as readers would take one and rules the other', () => {
  const bytes = group(
    'shop',
    record(field(6, field(1, 'password'), field(2, string(SECRET)), field(1, 'x'))),
  );
  const checked = checkRequest('logs', bytes, { interest: testProcessors().interest(RECEIVED_UNIX_NANO) });
  assert.ok(checked.ok);
  assert.equal(checked.rejected, 1);
  assert.match(checked.reason, /given twice/);
});

test('a card number in a varint of ten bytes goes; negative numbers stay', () => {
  const padded = Buffer.from(varint(4111111111111111));
  const ten = Buffer.concat([
    padded.subarray(0, -1),
    Buffer.from([padded.at(-1)! | 0x80]),
    Buffer.alloc(9 - padded.length, 0x80),
    Buffer.from([0]),
  ]);
  assert.equal(ten.length, 10);
  assert.match(outcome(withAttribute('n', Buffer.concat([Buffer.from([0x18]), ten]))), /\[redacted:card\]/);
  const negative = Buffer.from([0x18, ...Array<number>(9).fill(0xff), 1]);
  assert.doesNotMatch(outcome(withAttribute('n', negative)), /redacted/);
});

test('card numbers are found in a table of numbers', () => {
  const text = '4111 1111 1111 1111 / '.repeat(8);
  assert.doesNotMatch(outcome(group('shop', record(field(5, string(text))))), /4111/);
});

test('the service that rules go by is the one that is stored', () => {
  const deceiving = field(1, field(1, 'service.name'), field(2, string('mailer')), field(1, 'zz'));
  const real = field(1, keyValue('service.name', string('victim')));
  for (const resource of [Buffer.concat([deceiving, real]), Buffer.concat([real, deceiving])]) {
    assert.equal(serviceOfGroup(field(1, field(1, resource), field(2, record())), 0), 'victim');
  }
});

test('a long text that shrinks is cut between characters', () => {
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEAtGq3kLr2vQ8m5Zy1nX0aB7cD9eFhJpKs\n'.repeat(40)}-----END RSA PRIVATE KEY-----\n`;
  for (const filling of ['ä', '漢', '😀']) {
    for (const shift of ['', 'x', 'xy', 'xyz']) {
      const text = shift + key + filling.repeat(200_000);
      const once = outcome(group('shop', record(field(5, string(text)))));
      assert.ok(checkRequest('logs', Buffer.from(once, 'latin1')).ok);
      assert.equal(outcome(Buffer.from(once, 'latin1')), once);
    }
  }
});

test('groups without items are passed by, however many', () => {
  const bytes = Buffer.alloc(4_000_000, Buffer.from([0x0a, 2, 0x12, 0]));
  const processed = processBytes(testProcessors(), 'logs', bytes);
  assert.equal(processed.items, 0);
  assert.equal(processed.bytes, bytes);
});

test('attributes far beyond the limit are not looked at one by one', () => {
  const password = field(6, keyValue('password', string('abc')));
  const many = Buffer.alloc(password.length * 200_000, password);
  const processors = testProcessors();
  const { bytes, warning } = processBytes(processors, 'logs', group('shop', record(many)));
  assert.match(warning, /199744 attributes dropped/);
  assert.ok(bytes.length < 20_000);
  const redacted = processors.counts().find(({ processor }) => processor === 'redact');
  assert.equal(redacted?.count, 256);
});
