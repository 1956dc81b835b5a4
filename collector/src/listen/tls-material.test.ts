import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { OperatorError } from '#core/errors.ts';
import { certificatesOfFile, tlsConfig } from './listener.fixture.ts';
import { buildTlsMaterial, readTlsFiles } from './tls-material.ts';

const { caFile, client, server } = certificatesOfFile();
const GOOD = { cert_file: server.certFile, key_file: server.keyFile };
const folder = join(dirname(caFile), 'broken');
mkdirSync(folder);

function materialOf(overrides: Parameters<typeof tlsConfig>[0]) {
  const config = tlsConfig({ ...GOOD, ...overrides });
  return buildTlsMaterial(readTlsFiles(config, 'otlp_grpc'), config, 'otlp_grpc');
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function refusalOf(overrides: Parameters<typeof tlsConfig>[0]): string {
  try {
    materialOf(overrides);
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error));
    return error.message;
  }
  return assert.fail('it was taken');
}

test('a pair is described by the certificate in it', () => {
  const { certificate, context } = materialOf({ min_version: '1.3' });
  assert.equal(certificate.subject, 'CN=server, O=Signalbox tests');
  assert.equal(certificate.notAfterMs, Date.UTC(2049, 11, 31, 23, 59, 59));
  assert.equal(certificate.notBeforeMs, Date.UTC(2020, 0, 1));
  assert.equal(context.minVersion, 'TLSv1.3');
  assert.equal(context.ca, undefined);
});

test('a file that is missing, a folder or too large is told with setting and path', () => {
  const gone = join(folder, 'gone.pem');
  assert.match(refusalOf({ cert_file: gone }), /^otlp_grpc\.tls\.cert_file: cannot read .*gone\.pem.*ENOENT/);
  assert.match(refusalOf({ key_file: gone }), /^otlp_grpc\.tls\.key_file: cannot read .*gone\.pem/);
  assert.match(refusalOf({ client_ca_file: gone }), /^otlp_grpc\.tls\.client_ca_file: cannot read/);
  assert.match(refusalOf({ key_file: folder }), /it is no file/);
  const large = write('large.pem', '');
  truncateSync(large, 1024 * 1024 + 1);
  assert.match(refusalOf({ cert_file: large }), /larger than 1 MiB/);
});

test('what is no PEM of the right kind is told with what belongs there', () => {
  const text = write('text.pem', 'hello');
  const damaged = write('damaged.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  assert.match(refusalOf({ cert_file: text }), /cert_file: .*text\.pem holds no certificate in PEM/);
  assert.match(refusalOf({ cert_file: damaged }), /holds no certificate in PEM/);
  assert.match(refusalOf({ cert_file: server.keyFile }), /holds no certificate in PEM/);
  assert.match(refusalOf({ key_file: text }), /key_file: .*text\.pem holds no private key in PEM/);
  assert.match(refusalOf({ client_ca_file: text }), /client_ca_file: .*text\.pem holds no certificate/);
});

test('a key of another certificate is refused, with the certificate that was found first', () => {
  const message = refusalOf({ key_file: client.keyFile });
  assert.match(message, /key_file: .*client\.key is not the key of the certificate in .*server\.pem/);
  assert.match(message, /it is CN=server/);
});

test('an encrypted key is refused with the command that writes a plain one', () => {
  const path = join(folder, 'encrypted.key');
  execFileSync('openssl', ['pkey', '-in', server.keyFile, '-aes256', '-passout', 'pass:test', '-out', path]);
  assert.match(refusalOf({ key_file: path }), /is encrypted; .*openssl pkey/);
});

test('no message holds the key', () => {
  const key = execFileSync('openssl', ['pkey', '-in', client.keyFile], { encoding: 'utf8' });
  const secret = key.split('\n')[1]!;
  const mixed = write('mixed.key', key.replace('PRIVATE KEY', 'SECRET KEY'));
  for (const overrides of [
    { key_file: client.keyFile },
    { key_file: mixed },
    { cert_file: client.keyFile },
  ]) {
    assert.ok(!refusalOf(overrides).includes(secret));
  }
});
