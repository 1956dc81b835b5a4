import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openKeyBook } from '#keys/key-book.ts';
import { digestOfKey } from '#keys/key-text.ts';

const SCRIPT = join(import.meta.dirname, 'keys.ts');
const KEY = /sbk_[a-z\d]{8}_[\w-]{43}/g;

function start(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'keys-'));
  t.after(() => rmSync(dataDir, { recursive: true }));
  const run = (...args: string[]) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [SCRIPT, ...args], {
      encoding: 'utf8',
      // Where no signalbox.yaml is.
      cwd: dataDir,
      env: { PATH: process.env.PATH, SIGNALBOX_DATA_DIR: dataDir },
    });
    return { status, stderr, stdout };
  };
  const runWell = (...args: string[]) => {
    const { status, stderr, stdout } = run(...args);
    assert.deepEqual([status, stderr], [0, '']);
    return stdout;
  };
  return { dataDir, run, runWell, book: openKeyBook(dataDir) };
}

test('a key is made, shown once with where to set it, listed, rotated and revoked', (t) => {
  const { book, dataDir, runWell } = start(t);
  assert.match(runWell('list'), /^No keys in /);
  const made = runWell(
    'create',
    'checkout',
    '--tenant',
    'shop',
    '--expires',
    '90d',
    '--items-per-second',
    '5k',
  );
  const keys = new Set(made.match(KEY));
  assert.equal(keys.size, 1);
  const [key = ''] = keys;
  assert.ok(made.includes(`OTEL_EXPORTER_OTLP_HEADERS="x-api-key=${key}"`));
  assert.ok(made.includes(`OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20${key}"`));
  const [record] = book.list();
  assert.equal(record!.hash, digestOfKey(key).toString('hex'));
  assert.deepEqual([record!.name, record!.tenant, record!.limits.itemsPerSecond], ['checkout', 'shop', 5000]);
  assert.ok(record!.expiresUnixMs! > record!.createdUnixMs + 89 * 86_400_000);
  const { id } = record!;
  assert.match(runWell('list'), new RegExp(`^ID .*\\n${id}  checkout +shop +active +5k items/s +never `));

  const rotated = runWell('rotate', id, '--grace', '0');
  const [next = ''] = rotated.match(KEY)!;
  assert.notEqual(next, key);
  assert.equal(book.list()[0]!.hash, digestOfKey(next).toString('hex'));
  assert.match(runWell('revoke', id), new RegExp(`^The key ${id} \\(checkout\\) is revoked`));
  const [listed] = JSON.parse(runWell('list', '--json'));
  assert.deepEqual([listed.id, listed.state, listed.hash], [id, 'revoked', undefined]);

  const kept = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
  for (const secret of [key.slice(13), next.slice(13)]) assert.ok(!kept.includes(secret));
  for (const action of ['create', 'rotate', 'revoke'])
    assert.ok(kept.includes(`npm run keys: ${action}`), action);
});

test('JSON has the key of what was made, and limits as they were set', (t) => {
  const { runWell } = start(t);
  const { key, limits, tenant } = JSON.parse(
    runWell(
      'create',
      'a',
      '--json',
      '--items-per-day',
      '1M',
      '--bytes-per-second',
      '0',
      '--burst-seconds',
      '30',
    ),
  );
  assert.match(key, KEY);
  assert.equal(tenant, '');
  assert.deepEqual(limits, {
    itemsPerSecond: null,
    bytesPerSecond: 0,
    burstSeconds: 30,
    itemsPerDay: 1_000_000,
  });
});

const WRONG: [args: string[], status: number, told: RegExp][] = [
  [[], 2, /^say create, list, rotate or revoke/],
  [['make'], 2, /not "make"/],
  [['create'], 2, /^name the key/],
  [['create', 'my', 'key'], 2, /^name the key, in quotes/],
  [['create', 'a', '--grace', '1h'], 2, /^--grace says nothing to create/],
  [['create', 'a', '--expires', 'soon'], 2, /^--expires must be a time such as/],
  [['create', 'a', '--items-per-second', '-1'], 2, /items-per-second/],
  [['create', 'a', '--burst-seconds', '0'], 2, /^--burst-seconds must be seconds from 1/],
  [['create', 'a', '--tenant', 'a b'], 1, /^A tenant has/],
  [['create', 'a', '--expires', '0'], 1, /^A key expires in the future/],
  [['rotate', 'nokeyyet'], 1, /^There is no key "nokeyyet"/],
  [['revoke'], 2, /^revoke takes one id/],
  [['list', 'a'], 2, /^list takes nothing more/],
  [['list', '--config', 'missing.yaml'], 2, /^the configuration has mistakes/],
];

test('what is asked for wrongly is told, and nothing is made', (t) => {
  const { book, run } = start(t);
  for (const [args, status, told] of WRONG) {
    const result = run(...args);
    assert.equal(result.status, status, `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, told);
    assert.equal(result.stdout, '');
  }
  assert.deepEqual(book.list(), []);
  assert.match(run('--help').stdout, /npm run keys -- create NAME/);
});
