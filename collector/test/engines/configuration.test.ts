import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { journalSchema } from '#journal/config.ts';
import { engineBinary } from '../../../scripts/engines/binaries.ts';
import { REPOSITORY } from '../support/engine-stack/compose-service.ts';
import type { EngineName } from '../support/engine-stack/engine-facts.ts';
import {
  createEngineRoot,
  type EngineRoot,
  TEST_MACHINE_TOKEN,
} from '../support/engine-stack/engine-root.ts';

type Checker = (root: EngineRoot) => { status: number | null; output: string };

const HOUR_MS = 3_600_000;
const PROMTOOL = '/bin/promtool';
const RULE_TESTS = readdirSync(join(REPOSITORY, 'prometheus/tests')).map(
  (name) => `/etc/prometheus/tests/${name}`,
);
const RULE_FILES = readdirSync(join(REPOSITORY, 'prometheus/rules'));

async function rootOf(t: TestContext, name: EngineName): Promise<EngineRoot> {
  const root = await createEngineRoot(name, { machineToken: TEST_MACHINE_TOKEN });
  t.after(() => root.remove());
  if (name === 'prometheus') await root.addProgram(engineBinary('promtool'), PROMTOOL);
  if (name === 'alertmanager') await root.addProgram(engineBinary('amtool'), '/bin/amtool');
  return root;
}

/** The checker takes the repository's files, and not the file with the mistake, of which it then says `complaint`. */
async function assertChecks(
  t: TestContext,
  name: EngineName,
  check: { by: Checker; file: string; mistake: [string, string]; complaint: RegExp },
): Promise<void> {
  const root = await rootOf(t, name);
  const good = check.by(root);
  assert.equal(good.status, 0, good.output);
  const path = join(root.rootDir, check.file);
  const text = readFileSync(path, 'utf8');
  assert.ok(text.includes(check.mistake[0]), `${check.file} has no ${check.mistake[0]}`);
  writeFileSync(path, text.replace(...check.mistake));
  const bad = check.by(root);
  assert.notEqual(bad.status, 0, 'the mistake was not found');
  assert.match(bad.output, check.complaint);
}

test('promtool takes prometheus.yml with its rules and secrets, and no key that it does not know', (t) =>
  assertChecks(t, 'prometheus', {
    by: (root) =>
      root.run(PROMTOOL, ['check', 'config', '--lint=all', '--lint-fatal', '/etc/prometheus/prometheus.yml']),
    file: 'etc/prometheus/prometheus.yml',
    mistake: ['out_of_order_time_window', 'out_of_order_window'],
    complaint: /field out_of_order_window not found/,
  }));

test('promtool takes the rules, and no template that names a label wrongly', (t) =>
  assertChecks(t, 'prometheus', {
    by: (root) => {
      const files = RULE_FILES.map((name) => `/etc/prometheus/rules/${name}`);
      return root.run(PROMTOOL, ['check', 'rules', '--lint=all', '--lint-fatal', ...files]);
    },
    file: 'etc/prometheus/rules/signalbox.yml',
    mistake: ['$labels.exporter', '$lables.exporter'],
    complaint: /undefined variable "\$lables"/,
  }));

test('the rules fire when they should and only then, and their tests notice a wrong threshold', (t) =>
  assertChecks(t, 'prometheus', {
    by: (root) => root.run(PROMTOOL, ['test', 'rules', ...RULE_TESTS]),
    file: 'etc/prometheus/rules/signalbox.yml',
    mistake: ['> 0.8', '> 0.9'],
    complaint: /JournalFilling/,
  }));

test('Loki takes loki.yaml, and retention only with a place for what is to be deleted', (t) =>
  assertChecks(t, 'loki', {
    by: (root) => root.run('/usr/bin/loki', ['-verify-config', '-config.file=/etc/loki/loki.yaml']),
    file: 'etc/loki/loki.yaml',
    mistake: ['delete_request_store: filesystem', 'delete_request_cancel_period: 1h'],
    complaint: /delete-request-store should be configured/,
  }));

test('amtool takes alertmanager.yml as it is, and no route to a receiver that is not there', (t) =>
  assertChecks(t, 'alertmanager', {
    by: (root) => root.run('/bin/amtool', ['check-config', '/etc/alertmanager/alertmanager.yml']),
    file: 'etc/alertmanager/alertmanager.yml',
    mistake: ['receiver: watchdog', 'receiver: watchdogs'],
    complaint: /undefined receiver "watchdogs"/,
  }));

if (process.env.SIGNALBOX_TEST_TEMPO) {
  test('Tempo 3 takes tempo.yaml without a warning, and no key that it does not know', (t) =>
    assertChecks(t, 'tempo', {
      by: (root) => root.run('/tempo', ['-config.verify=true', '-config.file=/etc/tempo/tempo.yaml']),
      file: 'etc/tempo/tempo.yaml',
      mistake: ['query_end_cutoff', 'query_end_cut_off'],
      complaint: /field query_end_cut_off not found/,
    }));
}

test('tempo.yaml is the file that Tempo 3.0.3 has checked, as its README says', () => {
  const digest = createHash('sha256').update(readRepository('tempo/tempo.yaml')).digest('hex');
  const told = /SHA-256 of the file: `([0-9a-f]{64})`/.exec(readRepository('tempo/README.md'))?.[1];
  assert.equal(
    told,
    digest,
    'check the file with Tempo 3.0.3 as tempo/README.md says, then note its digest there',
  );
});

test('every rule says how bad it is, whom it is about, what it means and where to read on', () => {
  const guide = readRepository('docs/production.md');
  const anchors = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!.toLowerCase().replaceAll(' ', '-'),
  );
  for (const rule of RULE_FILES.flatMap(rulesIn)) {
    const { annotations = {}, labels = {} } = rule;
    assert.match(labels.severity ?? '', /^(none|warning|critical)$/, rule.alert);
    assert.ok(labels.service, `${rule.alert}: service`);
    assert.ok(annotations.summary && annotations.description, `${rule.alert}: summary and description`);
    const anchor = `alert-${rule.alert.toLowerCase()}`;
    assert.equal(annotations.runbook, `docs/production.md#${anchor}`);
    assert.ok(anchors.includes(anchor), `docs/production.md has no section ${anchor}`);
  }
});

test('what waits in the journal for as long as it may is still taken by every engine', () => {
  const journalMs =
    (journalSchema.properties.max_age_hours as unknown as { default: number }).default * HOUR_MS;
  const prometheus = parse(readRepository('prometheus/prometheus.yml'));
  const loki = parse(readRepository('loki/loki.yaml'));
  const tempo = parse(readRepository('tempo/tempo.yaml'));
  const windows = {
    prometheus: prometheus.storage.tsdb.out_of_order_time_window,
    loki: loki.limits_config.reject_old_samples_max_age,
    tempo: tempo.live_store.wal.ingestion_time_range_slack,
  };
  for (const [engine, window] of Object.entries(windows))
    assert.ok(durationMs(window) >= journalMs + HOUR_MS, `${engine}: ${window}`);
  assert.equal(loki.limits_config.shard_streams.time_sharding_enabled, true);
});

interface Rule {
  alert: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

function rulesIn(file: string): Rule[] {
  const { groups } = parse(readRepository(`prometheus/rules/${file}`)) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

function readRepository(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

/** Of hours or days, as engines write them. */
function durationMs(text: string): number {
  const [, amount, unit] = /^(\d+)([hd])$/.exec(text)!;
  return Number(amount) * (unit === 'h' ? HOUR_MS : 24 * HOUR_MS);
}
