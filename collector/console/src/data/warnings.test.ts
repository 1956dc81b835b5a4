import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WarningAccounting } from '#api/schemas/accounting.ts';
import { account, report } from './account.fixture.ts';
import { findProblems } from './problems.ts';

const LAST = '2026-01-31T09:58:00.000Z';
const warning = (changes: Partial<WarningAccounting> = {}): WarningAccounting => ({
  code: 'delta_temporality',
  message: '',
  points: 1200,
  services: ['shop'],
  lastAt: LAST,
  ...changes,
});
const withWarning = (...services: string[]) =>
  findProblems({ ...report([account()]), warnings: [warning({ services })] })[0]!;

test('delta temporality is a warning with the variable to set, although everything is delivered', () => {
  const problem = withWarning('shop');
  assert.partialDeepStrictEqual(problem, {
    kind: 'delta-temporality',
    tone: 'warning',
    title: 'shop sends metrics of which Prometheus may lose some',
    command: 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative',
    lastAt: LAST,
  });
  assert.match(problem.why, /1,200 data points/);
});

test('up to five services are named, of more the first four', () => {
  const title = (count: number) => withWarning(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].slice(0, count)).title;
  assert.match(title(2), /^a and b send /);
  assert.match(title(5), /^a, b, c, d and e send /);
  assert.match(title(6), /^a, b, c, d and 2 more send /);
});

test('it stands behind what is broken and before what was lost', () => {
  const accounts = [account({ waiting: 1, state: 'retrying', lastError: 'refused', expired: 2 })];
  const problems = findProblems({ ...report(accounts), warnings: [warning()] });
  assert.deepEqual(
    problems.map(({ kind }) => kind),
    ['failing', 'delta-temporality', 'expired'],
  );
});
