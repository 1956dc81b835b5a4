import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import tls from 'node:tls';
import { OperatorError } from '#core/errors.ts';
import { makeCertificates } from '#test/support/certificates.ts';
import { createTestApi, OPERATOR } from './api-server.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-console-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const made = makeCertificates(folder);
const PAIR = { cert_file: made.server.certFile, key_file: made.server.keyFile };

async function startConsole(
  context: TestContext,
  section: Partial<typeof PAIR & { client_ca_file: string }>,
) {
  const config = { cert_file: '', key_file: '', client_ca_file: '', min_version: '1.2' as const, ...section };
  const api = await createTestApi({ config: { tls: config } });
  context.after(() => api.close());
  return { api, url: (await api.start()).url };
}

/** What curl shows: head and body of the answer, or its complaint. */
function curl(...options: string[]): Promise<string> {
  const all = ['-sSi', '--max-time', '20', '--cacert', made.caFile, ...options];
  return new Promise((resolve) => {
    execFile('curl', all, (_error, output, complaint) => resolve(output + complaint));
  });
}

test('with certificates the console is at an https address, and tells browsers to stay there', async (context) => {
  const { url } = await startConsole(context, PAIR);
  assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
  const answer = await curl('--http2', `${url}/livez`);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /strict-transport-security:/i);
  assert.match(await curl(url.replace('https:', 'http:')), /^HTTP\/1\.1 400 [\s\S]*speaks TLS: use https:/);
});

test('cookies are Secure over TLS', async (context) => {
  const { url } = await startConsole(context, PAIR);
  const body = ['-H', 'content-type: application/json', '-d', JSON.stringify({ token: OPERATOR })];
  const answer = await curl(...body, `${url}/login`);
  assert.match(answer, /set-cookie: __Host-signalbox_session=[^;]+;.*; Secure/i);
});

test('with a CA for clients, only they get in', async (context) => {
  const { url } = await startConsole(context, { ...PAIR, client_ca_file: made.caFile });
  const { certFile, keyFile } = made.client;
  assert.match(await curl('--cert', certFile, '--key', keyFile, `${url}/livez`), /^HTTP\/1\.1 200 /);
  assert.doesNotMatch(await curl(`${url}/livez`), /HTTP\/1\.1/);
});

test('files that cannot be used are told before the console listens', async () => {
  await assert.rejects(
    createTestApi({
      config: { tls: { ...PAIR, key_file: '/nowhere', client_ca_file: '', min_version: '1.2' } },
    }),
    (error) => error instanceof OperatorError && /^console\.tls\.key_file: /.test(error.message),
  );
});

test('a stop does not wait for browsers that keep their connection', async (context) => {
  const certFile = join(folder, 'console.pem');
  copyFileSync(made.server.certFile, certFile);
  const { api, url } = await startConsole(context, { ...PAIR, cert_file: certFile });
  const socket = tls.connect({
    port: Number(new URL(url).port),
    host: '127.0.0.1',
    ca: readFileSync(made.caFile),
  });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await Promise.all([api.stop(), closed]);
});
