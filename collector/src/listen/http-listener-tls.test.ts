import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { test } from 'node:test';
import { connect } from 'node:tls';
import type { CertificateFiles } from '#test/support/certificates.ts';
import type { TlsConfig } from './config.ts';
import {
  certificatesOfFile,
  connectRaw,
  curl,
  openTestTls,
  PREFACE,
  readAll,
  startHttp,
} from './listener.fixture.ts';

const { caFile, otherCaFile, server: pair, wrongHostServer, client, otherClient } = certificatesOfFile();
const TRUST = ['--cacert', caFile];
const asConfig = ({ certFile, keyFile }: CertificateFiles): Partial<TlsConfig> => ({
  cert_file: certFile,
  key_file: keyFile,
});
const shown = ({ certFile, keyFile }: CertificateFiles) => ['--cert', certFile, '--key', keyFile];

test('over TLS, ALPN says which protocol is spoken; without it that is HTTP/1.1', async (context) => {
  const { tls } = openTestTls(context, asConfig(pair));
  const { port } = await startHttp(context, { tls });
  const body = ['--data-binary', 'x'.repeat(100_000)];
  for (const url of [`https://127.0.0.1:${port}`, `https://localhost:${port}`]) {
    assert.equal((await curl(...TRUST, ...body, url)).output, '2.0 100000 [2 200]');
    assert.equal((await curl(...TRUST, ...body, '--http1.1', url)).output, '1.1 100000 [1.1 200]');
    assert.equal((await curl(...TRUST, ...body, '--no-alpn', url)).output, '1.1 100000 [1.1 200]');
  }
});

test('clients refuse a certificate of another CA or for another host', async (context) => {
  const good = await startHttp(context, { tls: openTestTls(context, asConfig(pair)).tls });
  assert.equal((await curl('--cacert', otherCaFile, good.url)).code, 60);
  const wrong = await startHttp(context, { tls: openTestTls(context, asConfig(wrongHostServer)).tls });
  assert.equal((await curl(...TRUST, wrong.url)).code, 60);
});

test('TLS 1.1 is refused, and 1.2 when 1.3 is the least', async (context) => {
  const { url } = await startHttp(context, { tls: openTestTls(context, asConfig(pair)).tls });
  const oldest = ['--ciphers', 'DEFAULT:@SECLEVEL=0', '--tlsv1.0'];
  assert.equal((await curl(...TRUST, ...oldest, '--tls-max', '1.1', url)).code, 35);
  assert.equal((await curl(...TRUST, '--tls-max', '1.2', url)).output, '2.0 0 [2 200]');
  const strict = openTestTls(context, { ...asConfig(pair), min_version: '1.3' });
  const newest = await startHttp(context, { tls: strict.tls });
  assert.equal((await curl(...TRUST, '--tls-max', '1.2', newest.url)).code, 35);
  assert.equal((await curl(...TRUST, newest.url)).output, '2.0 0 [2 200]');
});

test('mutual TLS lets in only certificates of the CA, on both protocols', async (context) => {
  const { tls } = openTestTls(context, { ...asConfig(pair), client_ca_file: caFile });
  const asked: string[] = [];
  const failed: string[] = [];
  const { url } = await startHttp(
    context,
    { tls, onTlsError: ({ message }) => failed.push(message) },
    (request, response) => {
      asked.push(request.httpVersion);
      response.end();
    },
  );
  for (const protocol of ['--http2', '--http1.1']) {
    assert.notEqual((await curl(protocol, ...TRUST, url)).code, 0);
    assert.notEqual((await curl(protocol, ...TRUST, ...shown(otherClient), url)).code, 0);
    assert.notEqual((await curl(protocol, ...TRUST, ...shown(otherClient), '--tls-max', '1.2', url)).code, 0);
    // A certificate for servers is none for clients.
    assert.notEqual((await curl(protocol, ...TRUST, ...shown(pair), url)).code, 0);
    assert.match((await curl(protocol, ...TRUST, ...shown(client), url)).output, / 200\]$/);
  }
  assert.deepEqual(asked, ['2.0', '1.1']);
  assert.equal(failed.length, 8);
});

test('plain HTTP on a port with TLS is told so, in its own protocol', async (context) => {
  const { port } = await startHttp(context, { tls: openTestTls(context, asConfig(pair)).tls });
  const url = `http://127.0.0.1:${port}`;
  const message = 'this port speaks TLS: use https://';
  assert.equal((await curl('--http1.1', '-d', 'x'.repeat(1000), url)).output, `${message}\n [1.1 400]`);
  const session = http2.connect(url);
  session.on('error', () => {});
  const [code, , text] = await once(session, 'goaway');
  assert.equal(code, http2.constants.NGHTTP2_PROTOCOL_ERROR);
  assert.equal(Buffer.from(text).toString(), message);
});

test('TLS on a plain port does not hang', async (context) => {
  const { url } = await startHttp(context);
  const { code } = await curl('-k', url.replace('http:', 'https:'));
  assert.equal(code, 35);
});

test('a handshake that does not go on is closed, as is nonsense instead of one', async (context) => {
  const { tls } = openTestTls(context, asConfig(pair));
  const failed: Error[] = [];
  const onTlsError = (error: Error) => failed.push(error);
  const { port } = await startHttp(context, { tls, http1: { headersTimeout: 100 }, onTlsError });
  const stalled = connectRaw(context, port);
  stalled.write(Buffer.from([0x16, 3, 1]));
  await readAll(stalled);
  const nonsense = connectRaw(context, port);
  nonsense.write(Buffer.from([0x16, 3, 1, 0, 2, 9, 9]));
  await readAll(nonsense);
  assert.equal((failed[0] as NodeJS.ErrnoException).code, 'ERR_TLS_HANDSHAKE_TIMEOUT');
  assert.equal(failed.length, 2);
  await readAll(connectRaw(context, port));
});

test('a close does not wait for handshakes that stall when all are cut', async (context) => {
  const { tls } = openTestTls(context, asConfig(pair));
  const { server, port } = await startHttp(context, { tls });
  const stalled = connectRaw(context, port);
  await once(stalled, 'connect');
  stalled.write(Buffer.from([0x16, 3, 1]));
  stalled.write(PREFACE);
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await Promise.all([closed, readAll(stalled)]);
});

test('a client that half-closes after its request gets the answer over TLS', async (context) => {
  const { tls } = openTestTls(context, asConfig(pair));
  const { server, port } = await startHttp(context, { tls }, (request, response) => {
    request.resume().on('end', () => setTimeout(() => response.end('late'), 20));
  });
  (server as typeof server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  const socket = connect({ port, host: '127.0.0.1', ca: readFileSync(caFile) });
  context.after(() => socket.destroy());
  socket.end('GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n');
  assert.match(await readAll(socket), /late/);
});
