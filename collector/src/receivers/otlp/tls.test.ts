import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import tls from 'node:tls';
import grpc from '@grpc/grpc-js';
import { systemClock } from '#core/clock.ts';
import { openTls } from '#listen/tls.ts';
import { makeCertificates } from '#test/support/certificates.ts';
import {
  callHeaders,
  frame,
  sendRaw,
  startReceiver as startGrpc,
  statusOf,
  TRACES,
} from '../otlp-grpc/receiver.fixture.ts';
import { until } from '../otlp-grpc/until.fixture.ts';
import { startReceiver as startHttp } from '../otlp-http/receiver.fixture.ts';
import { traceRequest } from './messages.fixture.ts';

const PLAIN = traceRequest();
const folder = mkdtempSync(join(tmpdir(), 'signalbox-receivers-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const { caFile, client, otherClient, server } = makeCertificates(folder);
const ca = readFileSync(caFile);

function tlsOf(context: TestContext, { isMutual }: { isMutual: boolean }) {
  const files = { cert_file: server.certFile, key_file: server.keyFile, min_version: '1.2' as const };
  const opened = openTls(
    { ...files, client_ca_file: isMutual ? caFile : '' },
    { section: 'test', clock: systemClock, onReloaded() {}, onFailed() {}, onWarning() {} },
  );
  context.after(() => opened?.close());
  return opened;
}

function openSecure(context: TestContext, url: string, options: http2.SecureClientSessionOptions = {}) {
  const session = http2.connect(url, { ca, ...options });
  session.on('error', () => {});
  context.after(() => session.destroy());
  return session;
}

const pair = ({ certFile, keyFile }: { certFile: string; keyFile: string }) => ({
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
});

const exportHeaders = {
  ':method': 'POST',
  ':path': '/v1/traces',
  'content-type': 'application/x-protobuf',
};

test('over TLS both receivers say so in their address and take requests', async (context) => {
  const certificates = tlsOf(context, { isMutual: false });
  const overGrpc = await startGrpc(context, { tls: certificates });
  assert.equal(overGrpc.url, `https://127.0.0.1:${overGrpc.port}`);
  const channel = new grpc.Client(`localhost:${overGrpc.port}`, grpc.credentials.createSsl(ca));
  context.after(() => channel.close());
  const asIs = (bytes: Buffer) => bytes;
  await new Promise<void>((resolve, reject) => {
    channel.makeUnaryRequest(TRACES, asIs, asIs, PLAIN, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  assert.ok(PLAIN.equals(overGrpc.payloads[0]!.bytes));

  const overHttp = await startHttp(context, { tls: certificates });
  assert.equal(overHttp.url, `https://127.0.0.1:${overHttp.port}`);
  const session = openSecure(context, overHttp.url);
  assert.equal((await sendRaw(session, exportHeaders, { body: PLAIN })).headers[':status'], 200);
  assert.ok(PLAIN.equals(overHttp.payloads[0]!.bytes));
});

test('mutual TLS takes who shows a certificate of the CA; everybody else gets nowhere and is told of', async (context) => {
  const certificates = tlsOf(context, { isMutual: true });
  const overGrpc = await startGrpc(context, { tls: certificates });
  const overHttp = await startHttp(context, { tls: certificates });
  const good = pair(client);
  const call = await sendRaw(openSecure(context, overGrpc.url, good), callHeaders(), { body: frame(PLAIN) });
  assert.equal(statusOf(call), '0');
  const request = await sendRaw(openSecure(context, overHttp.url, good), exportHeaders, { body: PLAIN });
  assert.equal(request.headers[':status'], 200);
  for (const { finished, payloads, port } of [overGrpc, overHttp]) {
    await until(() => finished.length === 1);
    for (const shown of [{}, pair(otherClient)]) {
      const socket = tls.connect({ port, host: '127.0.0.1', ca, ALPNProtocols: ['h2'], ...shown });
      socket.on('error', () => {});
      socket.resume();
      await new Promise((resolve) => socket.on('close', resolve));
    }
    await until(() => finished.length === 3);
    assert.equal(payloads.length, 1);
    for (const { outcome, reason } of finished.slice(1)) {
      assert.equal(outcome, 'refused');
      assert.match(reason!, /^TLS: /);
    }
  }
});

test('plain gRPC and HTTP on the port of the other are told where to go', async (context) => {
  const { finished, port } = await startGrpc(context);
  const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', body: 'x' });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /4318/);
  await until(() => finished.length === 1);
  assert.equal(finished[0]!.outcome, 'refused');
});
