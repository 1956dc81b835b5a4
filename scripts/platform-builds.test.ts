import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { missingPlatformBuilds } from './platform-builds.ts';

test('builds of other platforms are added with the platform their name tells', () => {
  const packages = {
    'node_modules/tool': {
      dev: true,
      optionalDependencies: {
        '@tool/cli-linux-x64': '1.2.3',
        '@tool/cli-darwin-arm64': '1.2.3',
        '@tool/b-linux-arm64-musl': '1.2.3',
      },
    },
    'node_modules/@tool/cli-linux-x64': { version: '1.2.3' },
  };
  assert.deepEqual(missingPlatformBuilds(packages), {
    'node_modules/@tool/cli-darwin-arm64': {
      version: '1.2.3',
      os: ['darwin'],
      cpu: ['arm64'],
      dev: true,
      optional: true,
    },
    'node_modules/@tool/b-linux-arm64-musl': {
      version: '1.2.3',
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['musl'],
      dev: true,
      optional: true,
    },
  });
});

test('what is pinned to no version, names no platform or is there already is left alone', () => {
  const optionalDependencies = { 'x-linux-x64': '^1.0.0', fsevents: '2.3.3', 'y-darwin-x64': '1.0.0' };
  const packages = {
    'node_modules/a/node_modules/b': { optionalDependencies },
    'node_modules/a/node_modules/y-darwin-x64': { version: '1.0.0' },
  };
  assert.deepEqual(missingPlatformBuilds(packages), {});
});

test('the lock file of this repository is complete, so that npm ci takes it', () => {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  assert.deepEqual(Object.keys(missingPlatformBuilds(lock.packages)), []);
});
