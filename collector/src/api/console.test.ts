import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { AS_MACHINE, AS_OPERATOR, createTestApi } from './api-server.fixture.ts';

const PAGE = '<!doctype html><title>Signalbox</title>';
const SCRIPT = 'console.log(1);'.repeat(200);
const HTML = { accept: 'text/html,application/xhtml+xml' };
let folder: string;
let api: Awaited<ReturnType<typeof createTestApi>>;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'assets/index-abc.js'), SCRIPT);
  writeFileSync(join(folder, 'assets/index-abc.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, 'assets/index-abc.js.gz'), gzipSync(SCRIPT));
  api = await createTestApi({ consoleFolder: folder });
});
after(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const ask = (url: string, headers: Record<string, string> = {}) => api.app.inject({ url, headers });

test('the page needs no login and is asked for anew each time', async () => {
  for (const url of ['/', '/index.html']) {
    const response = await ask(url);
    assert.equal(response.statusCode, 200);
    assert.equal(response.body, PAGE);
    assert.match(String(response.headers['content-type']), /^text\/html/);
    assert.equal(response.headers['cache-control'], 'no-cache');
  }
});

test('addresses that only the console knows lead to its page, for browsers', async () => {
  assert.equal((await ask('/traces/0af7651916cd43dd8448eb211c80319c?from=now-1h', HTML)).body, PAGE);
  const program = await ask('/traces/0af7651916cd43dd8448eb211c80319c');
  assert.equal(program.statusCode, 404);
  assert.equal(program.json().error.code, 'not_found');
});

test('assets are kept by browsers for a year, since their names change with their content', async () => {
  const response = await ask('/assets/index-abc.js');
  assert.equal(response.body, SCRIPT);
  assert.equal(response.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.match(String(response.headers['content-type']), /javascript/);
});

test('assets go out compressed to who can read that', async () => {
  const brotli = await ask('/assets/index-abc.js', { 'accept-encoding': 'gzip, deflate, br' });
  assert.equal(brotli.headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(brotli.rawPayload).toString(), SCRIPT);
  assert.match(String(brotli.headers['content-type']), /javascript/);
  assert.match(String(brotli.headers['cache-control']), /immutable/);
  const gzip = await ask('/assets/index-abc.js', { 'accept-encoding': 'gzip' });
  assert.equal(gunzipSync(gzip.rawPayload).toString(), SCRIPT);
  for (const { headers } of [brotli, gzip]) assert.match(String(headers.vary), /accept-encoding/i);
});

test('nothing outside the folder is handed out', async () => {
  for (const url of [
    '/../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/',
  ]) {
    assert.equal((await ask(url)).statusCode, 404, url);
  }
});

test('a console that is not built is a clear 503, and the API works', async () => {
  for (const consoleFolder of [join(folder, 'nowhere'), join(folder, 'assets')]) {
    const bare = await createTestApi({ consoleFolder });
    const response = await bare.app.inject('/');
    assert.equal(response.statusCode, 503);
    assert.match(response.body, /npm run build:console/);
    assert.equal((await bare.get('/api/v1/status')).statusCode, 200);
    await bare.close();
  }
});

test('/metrics is a page for browsers and numbers for machines', async () => {
  assert.equal((await ask('/metrics', HTML)).body, PAGE);
  const numbers = await ask('/metrics', { ...AS_MACHINE, accept: 'application/openmetrics-text' });
  assert.equal(numbers.body, '# EOF\n');
  assert.match(String(numbers.headers['content-type']), /^application\/openmetrics-text/);
});

test('health needs no login, its details do', async () => {
  api.health.register('store:responseTime', async () => ({ status: 'pass', observedValue: 7 }), 1000);
  assert.deepEqual((await ask('/livez')).json(), { live: true });
  assert.deepEqual((await ask('/readyz?verbose')).json(), { ready: true });
  assert.deepEqual((await ask('/readyz?verbose', AS_MACHINE)).json(), { ready: true });
  assert.equal((await ask('/readyz?verbose', AS_OPERATOR)).json().checks[0].observedValue, 7);
  const health = await ask('/healthz');
  assert.match(String(health.headers['content-type']), /^application\/health\+json/);
  assert.deepEqual(health.json(), { status: 'pass' });
  assert.equal((await ask('/healthz', AS_OPERATOR)).json().checks['store:responseTime'][0].observedValue, 7);
  api.health.setStopping();
  assert.equal((await ask('/livez')).statusCode, 200);
  assert.equal((await ask('/readyz')).statusCode, 503);
  assert.equal((await ask('/healthz')).statusCode, 503);
});
