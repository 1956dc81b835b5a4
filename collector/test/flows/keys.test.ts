import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { ApiKey, KeysResponse, NewKeyResponse } from '#api/schemas/keys.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/keys.ts');
const PLANTED = 'planted-in-a-log-record';

let dataDir: string;
let signalbox: Signalbox;

async function start(): Promise<void> {
  const env = { SIGNALBOX_KEYS_REQUIRED: 'true', SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' };
  signalbox = await startSignalbox({ dataDir, env });
}

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-keys-'));
  await start();
});
after(async () => {
  await signalbox.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Sends so many log records; answers as the sender sees it. */
async function send(headers: Record<string, string>, { body = 'hello', records = 1 } = {}) {
  const logRecords = Array.from({ length: records }, () => ({ body: { stringValue: body } }));
  const response = await fetch(`${signalbox.otlpHttpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  });
  const { message = '' } = (await response.json()) as { message?: string };
  return { status: response.status, message, retryAfter: response.headers.get('retry-after') };
}

async function ask<T>(path: string, body?: object): Promise<T> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await signalbox.fetchApi(`/api/v1/keys${path}`, body === undefined ? {} : init);
  const text = await response.text();
  assert.ok(response.ok, text);
  return JSON.parse(text) as T;
}

/** Until a sender with this key gets this status. */
async function untilStatus(key: string, status: number): Promise<void> {
  const what = `status ${status}`;
  await until(what, async () => (await send({ 'x-api-key': key })).status === status || undefined);
}

async function filesIn(folder: string): Promise<string> {
  const entries = await readdir(join(dataDir, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

test('who has no good key gets 401 with the reason, and leaves no trace in the journal', async () => {
  const nobody = await send({}, { body: PLANTED });
  assert.deepEqual([nobody.status, /^An API key is needed/.test(nobody.message)], [401, true]);
  const wrong = await send({ authorization: `Bearer sbk_nokeyyet_${'x'.repeat(43)}` }, { body: PLANTED });
  assert.deepEqual([wrong.status, /^This API key is not known here/.test(wrong.message)], [401, true]);
  assert.ok(!(await filesIn('journal')).includes(PLANTED));
});

test('a key that the command makes while the program runs is good, until the console revokes it', async () => {
  const args = [SCRIPT, 'create', 'by command', '--json', '--data-dir', dataDir];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: dataDir });
  const { id, key } = JSON.parse(stdout) as NewKeyResponse;
  await untilStatus(key, 200);
  assert.equal((await send({ authorization: `Bearer ${key}` })).status, 200);
  await ask<ApiKey>(`/${id}/revoke`, {});
  await untilStatus(key, 401);
  assert.match((await send({ 'x-api-key': key })).message, new RegExp(`^The API key ${id} was revoked at `));
  assert.ok(!(await filesIn('logs')).includes(key.slice(13)));
});

test('a sender over its limit gets 429 with Retry-After; what it used is told, also after a restart', async () => {
  const made = await ask<NewKeyResponse>('', {
    name: 'limited',
    tenant: 'team-a',
    limits: { itemsPerDay: 50 },
  });
  await untilStatus(made.key, 200);
  await send({ 'x-api-key': made.key }, { records: 60 });
  const refused = await send({ 'x-api-key': made.key }, { body: PLANTED });
  assert.equal(refused.status, 429);
  assert.match(refused.message, /limit of 50 items a day/);
  assert.ok(Number(refused.retryAfter) >= 1 && Number(refused.retryAfter) <= 3600);
  const usageOf = async () => {
    const { keys } = await ask<KeysResponse>('');
    return keys.find(({ id }) => id === made.id)!.usage;
  };
  const used = await usageOf();
  assert.ok(used.today.items >= 61 && used.today.bytes > 0);
  assert.equal(used.today.refused.day, 1);
  await signalbox.stop();
  await start();
  assert.equal((await send({ 'x-api-key': made.key }, { body: PLANTED })).status, 429);
  assert.equal((await usageOf()).today.items, used.today.items);
  assert.ok(!(await filesIn('journal')).includes(PLANTED));
});

test('health says that keys can be read, and metrics count requests by key', async () => {
  const health = (await (await signalbox.fetchApi('/healthz')).json()) as {
    checks: Record<string, { status: string }[]>;
  };
  assert.equal(health.checks['keys:readable']![0]!.status, 'pass');
  const metrics = await (await signalbox.fetchApi('/metrics')).text();
  const lines = metrics.split('\n').filter((line) => line.startsWith('signalbox_sender_requests_total'));
  assert.match(lines.join('\n'), /key="\w{8}",outcome="day",tenant="team-a"\} 1/);
});
