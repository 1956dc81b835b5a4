import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  cacheFolder,
  engineBinaries,
  engineBinary,
  isBuilt,
  programFolder,
  RECIPE_FILE,
} from './binaries.ts';
import { PROGRAMS } from './programs.ts';
import { recipeKey } from './recipe.ts';

const names = [
  'prometheus',
  'promtool',
  'loki',
  'alertmanager',
  'amtool',
  'tempo',
  'docker-compose',
  'otelcol',
] as const;

function filledCache(t: TestContext): string {
  const cache = mkdtempSync(join(tmpdir(), 'signalbox-engines-'));
  t.after(() => rmSync(cache, { recursive: true }));
  for (const program of PROGRAMS) {
    const folder = programFolder(program, cache);
    mkdirSync(folder);
    for (const name of Object.keys(program.binaries)) writeFileSync(join(folder, name), '', { mode: 0o755 });
    writeFileSync(join(folder, RECIPE_FILE), `${recipeKey(program)}\n`);
  }
  return cache;
}

function folderOf(name: string, cache: string): string {
  return programFolder(PROGRAMS.find(({ binaries }) => name in binaries)!, cache);
}

test('the cache is outside the checkout, and elsewhere when a variable says so', () => {
  assert.equal(cacheFolder({}), join(homedir(), '.cache/signalbox/engines'));
  assert.equal(cacheFolder({ SIGNALBOX_ENGINES_DIR: '' }), join(homedir(), '.cache/signalbox/engines'));
  assert.equal(cacheFolder({ SIGNALBOX_ENGINES_DIR: '/engines' }), '/engines');
});

test('every engine is found in the folder of its program and version', (t) => {
  const cache = filledCache(t);
  const found = engineBinaries({ SIGNALBOX_ENGINES_DIR: cache });
  assert.deepEqual(Object.keys(found).sort(), [...names].sort());
  assert.equal(found.promtool, join(cache, 'prometheus-v0.316.0', 'promtool'));
  assert.equal(found['docker-compose'], join(cache, 'docker-compose-v2.40.3', 'docker-compose'));
  assert.ok(PROGRAMS.every((program) => isBuilt(program, cache)));
});

test('a missing binary is told with its path and what to run', (t) => {
  const cache = filledCache(t);
  const path = join(folderOf('amtool', cache), 'amtool');
  rmSync(path);
  assert.throws(() => engineBinaries({ SIGNALBOX_ENGINES_DIR: cache }), {
    message: `${path} is missing: run npm run engines, or name a binary in SIGNALBOX_TEST_AMTOOL`,
  });
  assert.equal(engineBinary('loki', { SIGNALBOX_ENGINES_DIR: cache }), join(folderOf('loki', cache), 'loki'));
});

test('a file that cannot be run is no binary', (t) => {
  const cache = filledCache(t);
  chmodSync(join(folderOf('tempo', cache), 'tempo'), 0o644);
  assert.throws(
    () => engineBinary('tempo', { SIGNALBOX_ENGINES_DIR: cache }),
    /is missing: run npm run engines/,
  );
});

test('what an older recipe built is built again', (t) => {
  const cache = filledCache(t);
  writeFileSync(join(folderOf('tempo', cache), RECIPE_FILE), '0123456789abcdef\n');
  const message = /tempo was built by an older recipe: run npm run engines/;
  assert.throws(() => engineBinary('tempo', { SIGNALBOX_ENGINES_DIR: cache }), message);
  assert.deepEqual(
    PROGRAMS.filter((program) => !isBuilt(program, cache)).map(({ name }) => name),
    ['tempo'],
  );
});

test('a variable names another binary in place of any of them', (t) => {
  const SIGNALBOX_ENGINES_DIR = filledCache(t);
  rmSync(folderOf('docker-compose', SIGNALBOX_ENGINES_DIR), { recursive: true });
  const env = { SIGNALBOX_ENGINES_DIR, SIGNALBOX_TEST_DOCKER_COMPOSE: process.execPath };
  assert.equal(engineBinaries(env)['docker-compose'], process.execPath);
  assert.throws(() => engineBinaries({ SIGNALBOX_ENGINES_DIR, SIGNALBOX_TEST_LOKI: '/nowhere/loki' }), {
    message: 'SIGNALBOX_TEST_LOKI names /nowhere/loki, which is no file that can be run',
  });
});
