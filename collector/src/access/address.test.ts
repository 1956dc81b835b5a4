import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptKey, clientAddress, createAddressCheck } from './address.ts';

const isTrusted = createAddressCheck(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);

test('addresses and networks are told apart from what is none', () => {
  for (const address of ['10.1.2.3', '192.0.2.7', 'fd12::1', '::ffff:10.1.2.3'])
    assert.ok(isTrusted(address), address);
  for (const address of ['11.0.0.1', '192.0.2.8', 'fe80::1', '', 'localhost', '10.1.2.3.evil']) {
    assert.ok(!isTrusted(address), address);
  }
  for (const wrong of ['10.0.0.0/33', '10.0.0', 'proxy', '10.0.0.0/', 'fd00::/129', '10.0.0.0/-1']) {
    assert.throws(() => createAddressCheck([wrong]), /neither an address nor a network/, wrong);
  }
});

const CASES: [peer: string, forwarded: string | undefined, expected: string][] = [
  ['203.0.113.5', undefined, '203.0.113.5'],
  ['203.0.113.5', '127.0.0.1', '203.0.113.5'],
  ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['10.0.0.1', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
  ['10.0.0.1', '1.1.1.1, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  ['10.0.0.1', undefined, '10.0.0.1'],
  ['10.0.0.1', 'unknown', '10.0.0.1'],
  ['10.0.0.1', '', '10.0.0.1'],
  ['::ffff:10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
  ['10.0.0.1', '198.51.100.1:8080', '198.51.100.1'],
];
for (const [peer, forwarded, expected] of CASES) {
  test(`from ${peer} with X-Forwarded-For ${forwarded ?? 'not there'} it is ${expected}`, () => {
    assert.equal(clientAddress(peer, forwarded, isTrusted), expected);
  });
}

test('however many addresses a stranger writes before it, what the proxy added is what counts', () => {
  const planted = Array.from({ length: 500 }, (_, i) => `203.0.113.${i % 250}`).join(', ');
  assert.equal(clientAddress('10.0.0.1', `${planted}, 198.51.100.1`, isTrusted), '198.51.100.1');
});

test('IPv6 addresses of one network are one key, however they are written', () => {
  const key = attemptKey('2001:db8:0:1:2:3:4:5');
  for (const same of ['2001:db8:0:1::9', '2001:0DB8:0000:0001::', '2001:db8:0:1:0:0:0:1%eth0']) {
    assert.equal(attemptKey(same), key, same);
  }
  assert.notEqual(attemptKey('2001:db8:0:2::9'), key);
  assert.equal(attemptKey('::ffff:192.0.2.1'), attemptKey('192.0.2.1'));
  assert.notEqual(attemptKey('::1'), attemptKey('1::'));
});
