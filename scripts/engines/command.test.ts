import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const script = join(import.meta.dirname, '..', 'engines.ts');

function run(t: TestContext, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const cache = mkdtempSync(join(tmpdir(), 'signalbox-engines-'));
  t.after(() => rmSync(cache, { recursive: true }));
  const env = { ...process.env, SIGNALBOX_ENGINES_DIR: cache, PATH: '/nowhere' };
  const result = spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8' });
  assert.deepEqual(readdirSync(cache), []);
  return result;
}

test('--help tells how to name an engine, --list which there are', (t) => {
  const help = run(t, '--help');
  assert.equal(help.status, 0);
  assert.match(help.stdout, /npm run engines -- loki tempo/);
  const list = run(t, '--list', 'alertmanager');
  assert.equal(list.status, 0);
  assert.match(list.stdout, /^alertmanager +v0.34.2 +not built\namtool +v0.34.2 +not built\n$/);
});

test('a name that is no engine is refused with those there are', (t) => {
  const unknown = run(t, 'grafana');
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /^There is no engine "grafana"; there are prometheus, loki, /);
  assert.match(run(t, 'promtool').stderr, /^promtool is built with prometheus: name that\n$/);
});

test('without Go it ends with what to install', (t) => {
  const { status, stderr } = run(t, 'tempo');
  assert.equal(status, 1);
  assert.match(stderr, /^Go was not found. Install Go 1.26 or newer: .*\n$/);
});
