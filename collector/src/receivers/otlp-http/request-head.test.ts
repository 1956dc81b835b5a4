import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { checkHead, errorEncodingOf } from './request-head.ts';

const MAX_BYTES = 1000;
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

function check(headers: IncomingHttpHeaders, { method = 'POST', path = '/v1/traces' } = {}) {
  return checkHead({ method, path, headers }, MAX_BYTES);
}

function refusalOf(headers: IncomingHttpHeaders, request?: { method?: string; path?: string }) {
  const checked = check(headers, request);
  assert.equal(checked.ok, false);
  return checked.refusal;
}

for (const [contentType, encoding] of [
  ['application/x-protobuf', 'protobuf'],
  ['Application/X-Protobuf', 'protobuf'],
  ['application/x-protobuf; charset=utf-8', 'protobuf'],
  ['application/json', 'json'],
  ['application/json;charset=UTF-8', 'json'],
  ['APPLICATION/JSON ; charset="utf-8"', 'json'],
] as const) {
  test(`content type '${contentType}' is ${encoding}`, () => {
    const checked = check({ 'content-type': contentType });
    assert.deepEqual(checked, { ok: true, head: { signal: 'traces', encoding, compression: 'identity' } });
    assert.equal(errorEncodingOf(contentType), encoding);
  });
}

for (const [coding, compression] of [
  ['', 'identity'],
  ['identity', 'identity'],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  [' zstd ', 'zstd'],
] as const) {
  test(`content encoding '${coding}' is ${compression}`, () => {
    const checked = check({ ...PROTOBUF, 'content-encoding': coding });
    assert.equal(checked.ok && checked.head.compression, compression);
  });
}

for (const coding of ['br', 'deflate', 'snappy', 'gzip, gzip', 'none']) {
  test(`content encoding '${coding}' is 415 and the message names what is supported`, () => {
    const { status, message } = refusalOf({ ...PROTOBUF, 'content-encoding': coding });
    assert.equal(status, 415);
    assert.match(message, /identity, gzip and zstd/);
  });
}

for (const contentType of ['text/plain', 'application/xml', 'application/jsonx', 'x', '']) {
  test(`content type '${contentType}' is 415, in JSON`, () => {
    const refusal = refusalOf({ 'content-type': contentType });
    assert.equal(refusal.status, 415);
    assert.match(refusal.message, /application\/x-protobuf and application\/json/);
    assert.equal(errorEncodingOf(contentType), 'json');
  });
}

test('gRPC gets a hint that this is the port of HTTP', () => {
  const { status, message } = refusalOf({ 'content-type': 'application/grpc+proto' });
  assert.equal(status, 415);
  assert.match(message, /gRPC has its own, 4317/);
});

test('errors for another name of protobuf are protobuf, for a missing type JSON', () => {
  assert.equal(errorEncodingOf('application/protobuf'), 'protobuf');
  assert.equal(errorEncodingOf(undefined), 'json');
});

test('each of the three paths has its signal', () => {
  for (const signal of ['traces', 'metrics', 'logs']) {
    const checked = check(PROTOBUF, { path: `/v1/${signal}` });
    assert.equal(checked.ok && checked.head.signal, signal);
  }
});

test('another method is 405 and told which is allowed', () => {
  const refusal = refusalOf({}, { method: 'GET' });
  assert.equal(refusal.status, 405);
  assert.equal(refusal.allow, 'POST, OPTIONS');
});

for (const [method, path, hint] of [
  ['GET', '/', /where apps send telemetry/],
  ['POST', '/', /SDKs add the path/],
  ['POST', '//v1/traces', /nothing is at/],
  ['POST', '/v1/traces/', /nothing is at/],
  ['POST', '/v1/profiles', /nothing is at/],
] as const) {
  test(`${method} ${path} is 404 and the message names the three paths`, () => {
    const { status, message } = refusalOf(PROTOBUF, { method, path });
    assert.equal(status, 404);
    assert.match(message, hint);
    assert.match(message, /POST \/v1\/traces, \/v1\/metrics and \/v1\/logs/);
  });
}

test('messages quote at most a part of what was sent', () => {
  const long = 'x'.repeat(10_000);
  assert.ok(refusalOf(PROTOBUF, { path: `/${long}` }).message.length < 300);
  assert.ok(refusalOf({ 'content-type': long }).message.length < 300);
  assert.ok(refusalOf({ ...PROTOBUF, 'content-encoding': long }).message.length < 300);
});

test('a declared length above the limit is 413, at the limit it is not', () => {
  assert.equal(refusalOf({ ...PROTOBUF, 'content-length': String(MAX_BYTES + 1) }).status, 413);
  assert.equal(check({ ...PROTOBUF, 'content-length': String(MAX_BYTES) }).ok, true);
});

test('an expectation other than 100-continue is 417', () => {
  assert.equal(refusalOf({ ...PROTOBUF, expect: 'a-pony' }).status, 417);
  assert.equal(check({ ...PROTOBUF, expect: '100-Continue' }).ok, true);
});
