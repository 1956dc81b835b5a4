import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import tls from 'node:tls';
import { OperatorError } from '#core/errors.ts';
import type { CertificateFiles } from '#test/support/certificates.ts';
import { until } from '#test/support/until.ts';
import {
  answerOf,
  certificatesOfFile,
  connectHttp2,
  openTestTls,
  startHttp,
  tlsConfig,
} from './listener.fixture.ts';
import { openTls } from './tls.ts';

const made = certificatesOfFile();
let folders = 0;

/** A pair of files that can be replaced. */
function placePair(files: CertificateFiles) {
  folders += 1;
  const folder = join(dirname(made.caFile), `pair-${folders}`);
  mkdirSync(folder);
  const place = { cert_file: join(folder, 'tls.crt'), key_file: join(folder, 'tls.key') };
  const put = ({ certFile, keyFile }: Partial<CertificateFiles>) => {
    if (certFile !== undefined) copyFileSync(certFile, place.cert_file);
    if (keyFile !== undefined) copyFileSync(keyFile, place.key_file);
  };
  put(files);
  return { folder, place, put };
}

/** The subject that a new client is shown. */
function shownBy(port: number, options: tls.ConnectionOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', ca: readFileSync(made.caFile), ...options }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

const toldOnce = (what: string, list: readonly unknown[], count = 1) =>
  until(what, async () => (list.length >= count ? true : undefined));

test('without a certificate there is no TLS', () => {
  const never = () => assert.fail('told');
  const deps = { section: 'x', clock: () => 0n, onReloaded: never, onFailed: never, onWarning: never };
  assert.equal(openTls(tlsConfig({}), deps), null);
});

test('files that cannot be used at the start are an operator error', () => {
  const never = () => assert.fail('told');
  const deps = {
    section: 'otlp_http',
    clock: () => 0n,
    onReloaded: never,
    onFailed: never,
    onWarning: never,
  };
  const config = tlsConfig({ cert_file: made.server.certFile, key_file: made.client.keyFile });
  assert.throws(() => openTls(config, deps), OperatorError);
});

test('an expired certificate is a warning at the start, as is one that is not valid yet', (context) => {
  const files = { cert_file: made.expiredServer.certFile, key_file: made.expiredServer.keyFile };
  const { tls: opened, told } = openTestTls(context, files);
  assert.equal(told.warnings.length, 1);
  assert.match(told.warnings[0]!, /^otlp_http\.tls\.cert_file: .*CN=expired-server.* expired at 2020-01-01T/);
  assert.equal(opened.certificate().notAfterMs, Date.UTC(2020, 0, 1));
  const early = openTestTls(context, files, () => 0n);
  assert.match(early.told.warnings[0]!, /valid only from 2019-01-01T/);
});

test('a renewed pair is shown to new clients; connections that are open stay', async (context) => {
  const { place, put } = placePair(made.server);
  const { tls: opened, told } = openTestTls(context, place);
  const { port, url } = await startHttp(context, { tls: opened });
  const session = connectHttp2(context, url, { ca: readFileSync(made.caFile) });
  await answerOf(session.request({ ':path': '/' }));
  assert.equal(await shownBy(port), 'server');
  put(made.renewedServer);
  await toldOnce('a reload', told.reloaded);
  assert.equal(await shownBy(port), 'renewed-server');
  assert.match(opened.certificate().subject, /CN=renewed-server/);
  assert.equal((await answerOf(session.request({ ':path': '/' }))).text, '2.0 0');
  assert.equal((session.socket as tls.TLSSocket).getPeerCertificate().subject.CN, 'server');
  assert.deepEqual(told.failed, []);
});

test('a mounted secret that is swapped by a link is followed', async (context) => {
  const old = placePair(made.server);
  const renewed = placePair(made.renewedServer);
  const link = join(old.folder, 'data');
  symlinkSync(old.folder, link);
  const config = { cert_file: join(link, 'tls.crt'), key_file: join(link, 'tls.key') };
  const { tls: opened, told } = openTestTls(context, config);
  const { port } = await startHttp(context, { tls: opened });
  symlinkSync(renewed.folder, `${link}.new`);
  renameSync(`${link}.new`, link);
  await toldOnce('a reload', told.reloaded);
  assert.equal(await shownBy(port), 'renewed-server');
});

test('a broken pair is told once and the one before stays; what mends it is taken', async (context) => {
  const { place, put } = placePair(made.server);
  const { tls: opened, told } = openTestTls(context, place);
  const { port } = await startHttp(context, { tls: opened });
  put({ certFile: made.renewedServer.certFile });
  await toldOnce('the failure', told.failed);
  assert.match(told.failed[0]!, /^otlp_http\.tls\.key_file: .* is not the key of the certificate/);
  assert.equal(await shownBy(port), 'server');
  writeFileSync(place.cert_file, 'nonsense');
  await toldOnce('the second failure', told.failed, 2);
  assert.match(told.failed[1]!, /holds no certificate in PEM/);
  rmSync(place.cert_file);
  await toldOnce('the third failure', told.failed, 3);
  assert.match(told.failed[2]!, /cannot read .*ENOENT/);
  assert.equal(await shownBy(port), 'server');
  put(made.renewedServer);
  await toldOnce('the reload', told.reloaded);
  assert.equal(await shownBy(port), 'renewed-server');
  // Had a failure been told at each look, there would be more by now.
  assert.equal(told.failed.length, 3);
});

test('files that are put back as they were are no change', async (context) => {
  const { place, put } = placePair(made.server);
  const { told } = openTestTls(context, place);
  writeFileSync(place.cert_file, 'nonsense');
  await toldOnce('the failure', told.failed);
  put(made.server);
  await new Promise((resolve) => setTimeout(resolve, 50));
  writeFileSync(place.cert_file, 'nonsense');
  await toldOnce('the same failure, anew', told.failed, 2);
  assert.deepEqual(told.reloaded, []);
});

test('another CA of clients lets the old ones in no more, not even with a ticket of theirs', async (context) => {
  const { folder, place } = placePair(made.server);
  const client_ca_file = join(folder, 'ca.pem');
  copyFileSync(made.caFile, client_ca_file);
  const { tls: opened, told } = openTestTls(context, { ...place, client_ca_file });
  const { port } = await startHttp(context, { tls: opened });
  const pair = ({ certFile, keyFile }: CertificateFiles) => ({
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
  });
  const before = await ask(port, pair(made.client));
  assert.match(before.text, /^HTTP\/1\.1 200/);
  assert.ok(before.ticket !== null);
  const resumed = await ask(port, { ...pair(made.client), session: before.ticket });
  assert.deepEqual([resumed.isReused, resumed.text.slice(0, 12)], [true, 'HTTP/1.1 200']);
  copyFileSync(made.otherCaFile, client_ca_file);
  await toldOnce('a reload', told.reloaded);
  assert.equal((await ask(port, { ...pair(made.client), session: before.ticket })).text, '');
  assert.equal((await ask(port, pair(made.client))).text, '');
  assert.match((await ask(port, pair(made.otherClient))).text, /^HTTP\/1\.1 200/);
});

/** A request over a TLS connection of its own; `text` is '' when it was not let in. */
function ask(port: number, options: tls.ConnectionOptions) {
  return new Promise<{ text: string; ticket: Buffer | null; isReused: boolean }>((resolve) => {
    let text = '';
    let ticket: Buffer | null = null;
    const socket = tls.connect({ port, host: '127.0.0.1', ca: readFileSync(made.caFile), ...options });
    let isReused = false;
    socket.on('secureConnect', () => {
      isReused = socket.isSessionReused();
    });
    socket.on('session', (session: Buffer) => {
      ticket = session;
    });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve({ text, ticket, isReused }));
    socket.write('GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n');
  });
}

test('one section serves several servers', async (context: TestContext) => {
  const { place, put } = placePair(made.server);
  const { tls: opened, told } = openTestTls(context, place);
  const ports = [await startHttp(context, { tls: opened }), await startHttp(context, { tls: opened })];
  put(made.renewedServer);
  await toldOnce('a reload', told.reloaded);
  for (const { port } of ports) assert.equal(await shownBy(port), 'renewed-server');
});
