import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROGRAMS, type Program } from './programs.ts';
import { buildArguments, isNewEnough, recipeKey, scratchGoMod } from './recipe.ts';

const program: Program = {
  name: 'engine',
  module: 'example.com/engine/v2',
  version: 'v2.1.0',
  binaries: { engine: 'cmd/engine', 'engine-tool': 'cmd/tool' },
  variables: { 'main.Version': '2.1.0' },
  linkerFlags: ['-checklinkname=0'],
};

test('replace and exclude lines of the program are repeated, but for those that point at a folder', () => {
  const text = scratchGoMod(program, {
    Go: '1.26.5',
    Exclude: [{ Path: 'example.com/bad', Version: 'v8.0.0+incompatible' }],
    Replace: [
      { Old: { Path: 'example.com/engine/push' }, New: { Path: './pkg/push' } },
      { Old: { Path: 'example.com/above' }, New: { Path: '../above' } },
      { Old: { Path: 'example.com/a' }, New: { Path: 'example.com/fork', Version: 'v0.3.1' } },
      {
        Old: { Path: 'example.com/b', Version: 'v1.0.0' },
        New: { Path: 'example.com/b', Version: 'v0.20.4' },
      },
    ],
  });
  assert.deepEqual(text.split('\n'), [
    'module signalbox-engines/engine',
    'go 1.26.5',
    'require example.com/engine/v2 v2.1.0',
    'exclude example.com/bad v8.0.0+incompatible',
    'replace example.com/a => example.com/fork v0.3.1',
    'replace example.com/b v1.0.0 => example.com/b v0.20.4',
    '',
  ]);
});

test('a program without such lines needs none, and one that was copied is taken from its copy', () => {
  const own = { Go: '1.26.0', Exclude: null, Replace: null };
  assert.match(scratchGoMod(program, own), /^module .*\ngo .*\nrequire .*\n$/);
  assert.match(scratchGoMod(program, own, './module'), /\nreplace example.com\/engine\/v2 => .\/module\n$/);
});

test('a binary is built from its package, with the linker flags of the program', () => {
  assert.deepEqual(buildArguments(program, 'engine-tool', '/out/engine-tool').slice(-5), [
    '-ldflags',
    '-s -w -checklinkname=0 -X main.Version=2.1.0',
    '-o',
    '/out/engine-tool',
    'example.com/engine/v2/cmd/tool',
  ]);
});

test('the key of a recipe changes with every part of it and with nothing else', () => {
  const key = recipeKey(program);
  assert.match(key, /^[0-9a-f]{16}$/);
  assert.equal(recipeKey(structuredClone(program)), key);
  const others = [
    recipeKey({ ...program, version: 'v2.1.1' }),
    recipeKey({ ...program, linkerFlags: [] }),
    recipeKey({ ...program, additions: { 'ui/index.html': '' } }),
    recipeKey({ ...program, binaries: { engine: 'cmd/engine' } }),
    recipeKey({ ...program, manifest: '' }),
    recipeKey(program, 2),
  ];
  assert.equal(new Set([key, ...others]).size, others.length + 1);
});

test('versions of Go are compared number by number', () => {
  for (const [version, wanted] of [
    ['1.26.8', '1.26.7'],
    ['1.26.7', '1.26.7'],
    ['1.27', '1.26.7'],
    ['1.26.0', '1.26'],
    ['1.100.1', '1.26.7'],
    ['2.0', '1.26.7'],
    ['1.27rc1', '1.26.7'],
    ['1.26.8 X:nodwarf5', '1.26.7'],
  ] as const) {
    assert.ok(isNewEnough(version, wanted), `${version} builds what asks for ${wanted}`);
  }
  for (const [version, wanted] of [
    ['1.26.6', '1.26.7'],
    ['1.26', '1.26.7'],
    ['1.9.9', '1.26'],
    ['', '1.26'],
  ] as const) {
    assert.ok(!isNewEnough(version, wanted), `${version} does not build what asks for ${wanted}`);
  }
});

test('no two programs share a name or a binary', () => {
  const names = PROGRAMS.map(({ name }) => name);
  const binaries = PROGRAMS.flatMap((each) => Object.keys(each.binaries));
  assert.equal(new Set(names).size, names.length);
  assert.equal(new Set(binaries).size, binaries.length);
});
