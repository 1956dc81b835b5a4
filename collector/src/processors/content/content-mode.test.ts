import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { type ContentConfig, type ContentMode, contentSchema } from './config.ts';
import { createContentModes } from './content-mode.ts';

function read(section: unknown): ContentConfig | null {
  const root = { content: section };
  const ajv = new Ajv({ useDefaults: true, strict: false });
  const schema = { type: 'object', properties: { content: contentSchema } };
  return ajv.validate(schema, root) ? (root.content as ContentConfig) : null;
}

const modes = (mode: ContentMode, services: ContentConfig['services'] = []) =>
  createContentModes({ mode, services, keys: [] });

test('without a section everything is kept but what is secret', () => {
  assert.deepEqual(read(undefined), { mode: 'redacted', services: [], keys: [] });
});

test('what is not a mode, a key or a service is refused', () => {
  assert.equal(read({ mode: 'all' }), null);
  assert.equal(read({ services: [{ service: 'a' }] }), null);
  assert.equal(read({ services: [{ service: '', mode: 'full' }] }), null);
  assert.equal(read({ services: [{ service: 'a', mode: 'full', level: 1 }] }), null);
  for (const key of ['', '*', '.*', 'a*', 'a.*.b', 'a.']) assert.equal(read({ keys: [key] }), null, key);
  assert.ok(read({ keys: ['acme.prompt', 'acme.llm.*'] }));
});

test('a service gets its own mode and all others the common one', () => {
  const { modeOf } = modes('redacted', [
    { service: 'clinic', mode: 'metadata' },
    { service: 'lab', mode: 'full' },
  ]);
  assert.deepEqual(['clinic', 'lab', 'shop', 'Lab', 'constructor'].map(modeOf), [
    'metadata',
    'full',
    'redacted',
    'redacted',
    'redacted',
  ]);
});

test('a star stands for any characters; an exact name goes first, and of several patterns the strictest', () => {
  const { modeOf } = modes('full', [
    { service: 'medical-*', mode: 'redacted' },
    { service: '*-notes', mode: 'metadata' },
    { service: 'medical-demo', mode: 'full' },
  ]);
  assert.deepEqual(['medical-app', 'medical-notes', 'medical-demo', 'medical', 'medical-app'].map(modeOf), [
    'redacted',
    'metadata',
    'full',
    'full',
    'redacted',
  ]);
  assert.equal(modeOf('unknown_service:node'), 'metadata');
  assert.equal(modeOf('x'.repeat(127)), 'full');
  assert.equal(modeOf('x'.repeat(128)), 'metadata', 'it may have ended in -notes before it was cut');
});

test('a service without a name is treated as strictly as any', () => {
  const { modeOf } = modes('full', [{ service: 'clinic', mode: 'metadata' }]);
  assert.deepEqual(['', 'unknown_service', 'unknown_service:node', 'unknown_services'].map(modeOf), [
    'metadata',
    'metadata',
    'metadata',
    'full',
  ]);
  const listed = modes('full', [
    { service: 'clinic', mode: 'metadata' },
    { service: 'unknown_service', mode: 'redacted' },
  ]);
  assert.equal(listed.modeOf('unknown_service'), 'redacted');
});

test('of two modes for one service the stricter counts', () => {
  for (const [one, other] of [
    ['full', 'metadata'],
    ['metadata', 'full'],
  ] as const) {
    const { modeOf } = modes('full', [
      { service: 'clinic', mode: one },
      { service: 'clinic', mode: other },
    ]);
    assert.equal(modeOf('clinic'), 'metadata');
  }
});

test('what is not a mode counts as the strictest', () => {
  const wrong = 'everything' as ContentMode;
  assert.equal(modes(wrong).modeOf('shop'), 'metadata');
  assert.equal(modes('full', [{ service: 'shop', mode: wrong }]).modeOf('shop'), 'metadata');
});
