import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SIGNALS } from '#core/signal.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import { untilSettled } from '../support/accounting.ts';
import { KEYED_SECRETS, plantedRequests, plantedTexts } from '../support/planted.ts';
import { readApi, readFiles, readJournals, readStore } from '../support/read-back.ts';
import { startSignalbox } from '../support/start-signalbox.ts';

const TEXTS = plantedTexts();
const SECRETS = [...TEXTS.flatMap(({ secrets }) => secrets), ...KEYED_SECRETS.map(({ value }) => value)];

/** A destination that refuses everything, so that all of it becomes dead letters. */
async function startRefuser(context: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(400).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The three ways in: JSON, protobuf, and protobuf in gzip. */
async function sendPlanted(otlpHttpUrl: string): Promise<void> {
  const requests = plantedRequests(TEXTS, BigInt(Date.now()) * 1_000_000n);
  for (const signal of SIGNALS) {
    const json = Buffer.from(JSON.stringify(requests[signal]));
    const protobuf = jsonToProtobuf(signal, json);
    assert.ok(protobuf.ok);
    const ways: [Record<string, string>, Uint8Array][] = [
      [{ 'content-type': 'application/json' }, json],
      [{ 'content-type': 'application/x-protobuf' }, protobuf.bytes],
      [{ 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' }, gzipSync(protobuf.bytes)],
    ];
    for (const [headers, body] of ways) {
      const response = await fetch(`${otlpHttpUrl}/v1/${signal}`, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
      });
      assert.equal(response.status, 200, await response.text());
    }
  }
}

/** Everything that can be read back, by where it is. */
async function readAll(context: TestContext, yaml: string): Promise<Record<string, string>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-redaction-'));
  context.after(() => rm(dataDir, { recursive: true, force: true }));
  const file = join(dataDir, 'signalbox.yaml');
  await writeFile(file, yaml);
  const signalbox = await startSignalbox({
    dataDir,
    args: ['--config', file],
    env: { SIGNALBOX_EXPORTER_OTLP_ENDPOINT: await startRefuser(context) },
  });
  context.after(() => signalbox.stop());
  await sendPlanted(signalbox.otlpHttpUrl);
  await untilSettled(signalbox, 120_000);
  const api = await readApi(signalbox);
  await signalbox.stop();
  return {
    api,
    journal: await readJournals(dataDir),
    store: await readStore(dataDir),
    'dead letters': await readFiles(join(dataDir, 'dead-letter')),
    logs: `${await readFiles(join(dataDir, 'logs'))}${signalbox.stdout()}${signalbox.stderr()}`,
  };
}

/** As it stands in JSON, and as it is. */
const isIn = (text: string, secret: string) =>
  text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1));

test('nothing that was planted can be read back: journal, store, dead letters, API, logs', async (context) => {
  const places = await readAll(context, '');
  for (const [place, text] of Object.entries(places)) {
    const found = SECRETS.filter((secret) => isIn(text, secret));
    assert.deepEqual(found, [], `${found.length} of ${SECRETS.length} in the ${place}`);
    if (place !== 'logs') assert.ok(text.includes('[redacted:email]'), `${place} is no place to look at`);
  }
  context.diagnostic(`${SECRETS.length} secrets in ${Object.keys(places).length} places`);
});

test('the same search finds all of it with redaction off and content mode full', async (context) => {
  const places = await readAll(context, 'redact:\n  enabled: false\ncontent:\n  mode: full\n');
  for (const place of ['journal', 'store', 'dead letters', 'api']) {
    const missing = SECRETS.filter((secret) => !isIn(places[place]!, secret));
    assert.deepEqual(missing, [], `${missing.length} of ${SECRETS.length} not in the ${place}`);
  }
});
