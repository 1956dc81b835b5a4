import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CELLS, CHECKS, type Observed, observe } from './observe.ts';
import { otelcol } from './otelcol-program.ts';
import { RULES } from './rules.ts';
import { signalbox } from './signalbox-program.ts';
import { cellOf, committedCell, scoreOf, tableOf, withTable } from './table.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PAGE = join(ROOT, 'docs/conformance.md');
const STALE = 'docs/conformance.md says something else: CONFORMANCE_WRITE=1 npm run test:conformance';
const DOOR_NAMES = { http: 'HTTP', grpc: 'gRPC' } as const;

// Both to their end, so that neither leaves anything behind when the other cannot be asked.
const [ours, theirs] = (await Promise.allSettled([observe(signalbox), observe(otelcol)])).map(unwrap);
assert.ok(ours !== undefined && theirs !== undefined);
const table = tableOf(ours, theirs);
const committed = readFileSync(PAGE, 'utf8');
if (process.env.CONFORMANCE_WRITE) writeFileSync(PAGE, withTable(committed, table));
const page = readFileSync(PAGE, 'utf8');

for (const check of CHECKS) {
  test(`rule ${check.rule}, ${DOOR_NAMES[check.door]}: ${check.title}`, () => {
    assert.deepEqual(ours.of(check), { kind: 'kept' });
  });
}

for (const { number, door } of CELLS) {
  test(`rule ${number}, ${DOOR_NAMES[door]}: the Collector does what the table says`, () => {
    const cell = committedCell(page, number, door === 'http' ? 2 : 3);
    assert.equal(cellOf(theirs.rule(number, door)), cell, STALE);
  });
}

test('every rule has a test at every door where it applies', () => {
  for (const { number, door } of CELLS) {
    const checks = CHECKS.filter((check) => check.rule === number && check.door === door);
    assert.notEqual(checks.length, 0, `rule ${number}, ${door}`);
  }
});

test('the table in docs/conformance.md is what was observed', () => {
  assert.equal(page, withTable(page, table), STALE);
});

test('the README tells the same numbers', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const total = RULES.length;
  const said = `${scoreOf(ours).kept} of ${total}`;
  assert.ok(readme.includes(said), `the README does not say "${said}"`);
  const others = `the OpenTelemetry Collector 0.165.0 keeps ${scoreOf(theirs).kept}`;
  assert.ok(readme.includes(others), `the README does not say "${others}"`);
});

function unwrap(settled: PromiseSettledResult<Observed>): Observed {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
