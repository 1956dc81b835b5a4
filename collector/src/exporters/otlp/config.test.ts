import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '#config/load.ts';

const load = (environment: Record<string, string>) => loadConfig({ file: undefined, environment });

test('every setting can come from the environment, headers and signals as lists', () => {
  const loaded = load({
    SIGNALBOX_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example.com/base',
    SIGNALBOX_EXPORTER_OTLP_HEADERS: 'authorization: Bearer x=y, x-scope: a',
    SIGNALBOX_EXPORTER_OTLP_SIGNALS: 'traces,logs',
    SIGNALBOX_EXPORTER_OTLP_MAX_BATCH_ITEMS: '100',
  });
  assert.ok(loaded.ok);
  const { exporter_otlp: section } = loaded.config;
  assert.deepEqual(section.headers, ['authorization: Bearer x=y', 'x-scope: a']);
  assert.deepEqual(section.signals, ['traces', 'logs']);
  assert.equal(section.max_batch_items, 100);
  assert.equal(section.compression, 'gzip');
});

test('it is off until it is told where to send', () => {
  const loaded = load({});
  assert.ok(loaded.ok && loaded.config.exporter_otlp.endpoint === '');
});

test('an endpoint has to be http or https, without credentials, query or fragment', () => {
  for (const endpoint of [
    'ftp://a',
    'a.example.com',
    'http://',
    'https://a:b@c',
    'http://a/?b',
    'http://a/#b',
  ]) {
    assert.equal(load({ SIGNALBOX_EXPORTER_OTLP_ENDPOINT: endpoint }).ok, false, endpoint);
  }
  for (const endpoint of ['http://127.0.0.1:4319', 'https://a.example.com/otlp/'])
    assert.equal(load({ SIGNALBOX_EXPORTER_OTLP_ENDPOINT: endpoint }).ok, true, endpoint);
});
