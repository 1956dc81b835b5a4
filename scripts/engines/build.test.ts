import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isBuilt, programFolder, RECIPE_FILE } from './binaries.ts';
import { buildProgram, copyWritable, removeLeftovers, type Source } from './build.ts';
import { requireGo } from './go.ts';
import type { Program } from './programs.ts';

const program: Program = {
  name: 'engine',
  module: 'example.com/engine',
  version: 'v1.0.0',
  binaries: { engine: 'cmd/engine', tool: 'cmd/tool' },
  additions: { 'ui/dist/index.html': '<!doctype html>' },
};

// Stands in for Go: writes the file after -o, unless it is to fail for that package.
const goScript = `#!/bin/sh
if [ "$1" = env ]; then echo '{"GOVERSION":"go1.26.5","GOTOOLCHAIN":"'"$STUB_TOOLCHAIN"'"}'; exit; fi
while [ "$1" != -o ]; do shift; done
echo "$3" >&2
case "$3" in *"$STUB_FAILS"*) echo "./main.go:1:1: no such thing" >&2; exit 1;; esac
cat go.mod module/ui/dist/index.html >"$2" && chmod +x "$2"
`;

interface Stub {
  cache: string;
  source: Source;
  signal: AbortSignal;
}

function stub(t: TestContext, settings: Record<string, string> = {}): Stub {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-build-'));
  const before = { ...process.env };
  t.after(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });
  const [bin, module, cache] = ['bin', 'module', 'cache'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [bin, cache, join(module, 'ui')]) mkdirSync(each, { recursive: true });
  writeFileSync(join(bin, 'go'), goScript, { mode: 0o755 });
  writeFileSync(join(module, 'go.sum'), '', { mode: 0o444 });
  writeFileSync(join(module, 'ui', 'web.go'), 'package ui', { mode: 0o444 });
  Object.assign(process.env, {
    PATH: bin + delimiter + before.PATH,
    STUB_FAILS: '-',
    STUB_TOOLCHAIN: 'local',
    ...settings,
  });
  return {
    cache,
    source: { program, folder: module, goMod: { Go: '1.26.0' } },
    signal: new AbortController().signal,
  };
}

test('all binaries of a program appear in its folder, built with the files its module lacks', async (t) => {
  const { cache, source, signal } = stub(t);
  const steps: string[] = [];
  await buildProgram(source, { cwd: cache, signal, onStep: (step) => steps.push(step) });
  assert.ok(isBuilt(program, cache));
  const folder = programFolder(program, cache);
  assert.deepEqual(readdirSync(folder).sort(), ['engine', RECIPE_FILE, 'tool']);
  assert.match(readFileSync(join(folder, 'tool'), 'utf8'), /replace example.com\/engine => .\/module\n<!doc/);
  assert.deepEqual(steps, [
    'package 1, example.com/engine/cmd/engine',
    'package 1, example.com/engine/cmd/tool',
  ]);
  assert.deepEqual(readdirSync(cache), ['engine-v1.0.0']);
});

test('a broken build leaves nothing and tells the last lines of Go', async (t) => {
  const { cache, source, signal } = stub(t, { STUB_FAILS: 'cmd/tool' });
  const broken = buildProgram(source, { cwd: cache, signal });
  await assert.rejects(broken, {
    message: 'go build ended with exit code 1:\n    ./main.go:1:1: no such thing',
  });
  assert.deepEqual(readdirSync(cache), []);
});

test('a broken build leaves what was built before', async (t) => {
  const { cache, source, signal } = stub(t, { STUB_FAILS: 'cmd/tool' });
  const folder = programFolder(program, cache);
  mkdirSync(folder);
  writeFileSync(join(folder, 'engine'), 'older');
  await assert.rejects(buildProgram(source, { cwd: cache, signal }));
  assert.equal(readFileSync(join(folder, 'engine'), 'utf8'), 'older');
  process.env.STUB_FAILS = '-';
  await buildProgram(source, { cwd: cache, signal });
  assert.match(readFileSync(join(folder, 'engine'), 'utf8'), /^module signalbox-engines\/engine/);
  assert.deepEqual(readdirSync(cache), ['engine-v1.0.0']);
});

test('what a killed run left behind is removed, what another run builds now is not', async (t) => {
  const { cache } = stub(t);
  const ended = spawnSync('/bin/true').pid;
  for (const name of [
    'engine-v1.0.0',
    `.building-engine-${process.pid}`,
    `.building-docker-compose-${ended}`,
  ]) {
    mkdirSync(join(cache, name));
  }
  await removeLeftovers(cache);
  assert.deepEqual(readdirSync(cache).sort(), [`.building-engine-${process.pid}`, 'engine-v1.0.0']);
});

test('a missing Go is told with where to get it', async (t) => {
  const { cache, source, signal } = stub(t, { PATH: '/nowhere' });
  await assert.rejects(
    buildProgram(source, { cwd: cache, signal }),
    /^Error: Go was not found. Install Go 1/,
  );
});

test('a Go that is too old is told, unless it may fetch a newer one', async (t) => {
  const { cache, signal } = stub(t);
  await requireGo('1.26.5', { cwd: cache, signal });
  const message = /^Error: Go 1.26.5 is too old \(GOTOOLCHAIN=local\). Install Go 1.26.7 or newer/;
  await assert.rejects(requireGo('1.26.7', { cwd: cache, signal }), message);
  process.env.STUB_TOOLCHAIN = 'auto';
  await requireGo('1.26.7', { cwd: cache, signal });
});

test('a copy of a read-only folder can be written to', async (t) => {
  const { cache, source } = stub(t);
  await copyWritable(source.folder, join(cache, 'copy'));
  assert.ok(existsSync(join(cache, 'copy', 'ui', 'web.go')));
  assert.equal(statSync(join(cache, 'copy', 'ui', 'web.go')).mode & 0o777, 0o644);
});
